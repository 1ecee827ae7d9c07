/**
 * Client frames that are made once and only patched for each message. Every byte of the mask is the same, so that a patch does not have to
 * know where in the mask it falls; the server has to unmask it as any other.
 */
const mask = 0x55;

/** What is patched, and how many bytes wide it is. */
const widths = {
  /** Message id. */
  id: 10,
  /** Time of the message, as RFC 3339. */
  at: 24,
  /** A register in Wh, never with a leading zero. */
  wh: 8,
  /** A transaction's number; JSON lets blanks stand before it. */
  transaction: 10,
  /** The number of the station's own token. */
  token: 9,
} as const;

type Field = keyof typeof widths;

export interface FrameValues {
  readonly id: number;
  /** From `maskedTime`. */
  readonly at: Buffer;
  readonly wh: number;
  readonly transaction: number;
  readonly token: number;
}

/** A text frame with `<field>` where a value belongs. */
export class FrameTemplate {
  private readonly frame: Buffer;
  private readonly fields: readonly { readonly field: Field; readonly at: number }[];

  constructor(text: string) {
    const fields: { field: Field; at: number }[] = [];
    let plain = '';
    for (const [i, part] of text.split(/<(\w+)>/).entries()) {
      if (i % 2 === 0) plain += part;
      else {
        fields.push({ field: part as Field, at: plain.length });
        plain += ' '.repeat(widths[part as Field]);
      }
    }
    this.frame = maskedFrame(plain);
    const header = this.frame.length - plain.length;
    this.fields = fields.map(({ field, at }) => ({ field, at: at + header }));
  }

  /** A frame of its own, ready to be written. */
  build(values: FrameValues): Buffer {
    const frame = Buffer.from(this.frame);
    for (const { field, at } of this.fields) {
      if (field === 'at') frame.set(values.at, at);
      else writeNumber(frame, at, widths[field], values[field], field === 'transaction' ? 0x20 : 0x30);
    }
    return frame;
  }
}

/** A whole text frame. ASCII only. */
export function maskedFrame(text: string): Buffer {
  return frameOf(0x81, Buffer.from(text, 'latin1'));
}

/** The answer to a ping. */
export function pongFrame(payload: Uint8Array): Buffer {
  return frameOf(0x8a, payload);
}

/** Now, masked: made once a millisecond. */
export function maskedTime(now: number): Buffer {
  const bytes = Buffer.from(new Date(now).toISOString(), 'latin1');
  return bytes.map((byte) => byte ^ mask) as Buffer;
}

function frameOf(head: number, payload: Uint8Array): Buffer {
  const short = payload.length < 126;
  const header = short ? [head, 0x80 | payload.length] : [head, 0x80 | 126, payload.length >> 8, payload.length & 0xff];
  return Buffer.concat([Buffer.from([...header, mask, mask, mask, mask]), payload.map((byte) => byte ^ mask)]);
}

function writeNumber(frame: Buffer, at: number, width: number, value: number, pad: number): void {
  let left = value;
  let i = at + width - 1;
  do {
    const next = Math.floor(left / 10);
    frame[i--] = (0x30 + left - next * 10) ^ mask;
    left = next;
  } while (left > 0 && i >= at);
  while (i >= at) frame[i--] = pad ^ mask;
}
