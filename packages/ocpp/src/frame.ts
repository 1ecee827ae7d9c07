/**
 * OCPP-J frames, read only as far as message type, id and action: a payload stays the bytes that the station sent.
 * White space between the parts is accepted; whether a payload is JSON at all is for the service to find out.
 */
export type Frame = CallFrame | ResultFrame | ErrorFrame | UnknownTypeFrame | UnreadableFrame;

export interface CallFrame {
  readonly kind: 'call';
  readonly id: FrameId;
  readonly action: string;
  readonly payload: Buffer;
}

export interface ResultFrame {
  readonly kind: 'result';
  readonly id: FrameId;
  readonly payload: Buffer;
}

export interface ErrorFrame {
  readonly kind: 'error';
  readonly id: FrameId;
  readonly code: string;
  readonly description: string;
  readonly details: unknown;
}

/** A message type that this reader does not know: newer versions have more. */
export interface UnknownTypeFrame {
  readonly kind: 'unknown-type';
  readonly messageType: number;
  readonly id: FrameId | undefined;
}

export interface UnreadableFrame {
  readonly kind: 'unreadable';
  /** Present if the frame was a CALL whose id could still be read, so that an error can name it. */
  readonly id: FrameId | undefined;
  readonly reason: string;
  /** It was meant to answer a call of ours, and nothing is answered to an answer. */
  readonly isAnswer?: true;
}

/** A message id with the exact JSON that spelt it: some stations send numerals without quotes and expect them back. */
export interface FrameId {
  readonly text: string;
  readonly json: string;
}

const space = 0x20;
const quote = 0x22;
const comma = 0x2c;
const backslash = 0x5c;
const open = 0x5b;
const close = 0x5d;
const maxIdBytes = 256;
const maxActionBytes = 64;

/** White space as JSON has it. */
function isSpace(byte: number | undefined): boolean {
  return byte === space || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** Reads one frame. Never throws; the payload is a view of the given buffer. */
export function readFrame(frame: Buffer): Frame {
  const reader = new FrameReader(frame);
  const start = reader.skip(0);
  if (frame[start] !== open) return unreadable('the frame is not a JSON array');
  let end = frame.length - 1;
  while (end > start && isSpace(frame[end])) end--;
  if (frame[end] !== close || end === start) return unreadable('the frame does not end as a JSON array');

  const type = reader.number(reader.skip(start + 1));
  if (type === undefined) return unreadable('the first element is not a message type');
  const id = reader.separator() ? reader.id() : undefined;
  if (type !== 2 && type !== 3 && type !== 4) return { kind: 'unknown-type', messageType: type, id };
  if (!id) return unreadable('the second element is not a message id', type);
  if (!reader.separator()) return unreadable('the frame ends after the message id', type, id);
  if (type === 3) return { kind: 'result', id, payload: frame.subarray(reader.at, end) };
  if (type === 4) return readError(id, frame.subarray(reader.at, end));
  const action = reader.string(maxActionBytes);
  if (action === undefined) return unreadable('the third element is not an action', type, id);
  if (!reader.separator()) return unreadable('the frame ends after the action', type, id);
  return { kind: 'call', id, action: action.text, payload: frame.subarray(reader.at, end) };
}

function unreadable(reason: string, type?: number, id?: FrameId): UnreadableFrame {
  if (type === 3 || type === 4) return { kind: 'unreadable', id: undefined, reason, isAnswer: true };
  return { kind: 'unreadable', id, reason };
}

function readError(id: FrameId, rest: Buffer): Frame {
  try {
    const [code, description, details] = JSON.parse(`[${rest.toString()}]`) as unknown[];
    return {
      kind: 'error',
      id,
      code: typeof code === 'string' ? code : 'GenericError',
      description: typeof description === 'string' ? description : '',
      details: details ?? {},
    };
  } catch {
    return unreadable('the elements of the error are not JSON', 4);
  }
}

/** A cursor over the first few elements of a frame; every method leaves `at` behind what it read. */
class FrameReader {
  at = 0;

  constructor(private readonly frame: Buffer) {}

  skip(from: number): number {
    let at = from;
    while (isSpace(this.frame[at])) at++;
    return (this.at = at);
  }

  number(from: number): number | undefined {
    let at = from;
    let value = 0;
    while (at < this.frame.length && this.frame[at]! >= 0x30 && this.frame[at]! <= 0x39 && at - from < 9)
      value = value * 10 + this.frame[at++]! - 0x30;
    this.at = at;
    const next = this.frame[this.skip(at)];
    return at > from && (next === comma || next === close) ? value : undefined;
  }

  /** Passes the comma between two elements. */
  separator(): boolean {
    if (this.frame[this.skip(this.at)] !== comma) return false;
    this.skip(this.at + 1);
    return true;
  }

  id(): FrameId | undefined {
    if (this.frame[this.at] === quote) return this.string(maxIdBytes);
    const from = this.at;
    let at = from;
    while (at < this.frame.length && /[-+.0-9eE]/.test(String.fromCharCode(this.frame[at]!)) && at - from < maxIdBytes) at++;
    this.at = at;
    const json = this.frame.toString('latin1', from, at);
    return /^-?(0|[1-9]\d*)(\.\d+)?([eE][-+]?\d+)?$/.test(json) ? { text: json, json } : undefined;
  }

  /** A JSON string of at most so many bytes between its quotes. */
  string(maxBytes: number): FrameId | undefined {
    const { frame } = this;
    if (frame[this.at] !== quote) return undefined;
    const from = this.at + 1;
    let at = from;
    let escaped = false;
    while (at < frame.length && frame[at] !== quote) {
      if (frame[at]! < space) return undefined;
      if (frame[at] === backslash) {
        escaped = true;
        at++;
      }
      at++;
      if (at - from > maxBytes) return undefined;
    }
    if (at >= frame.length) return undefined;
    this.at = at + 1;
    const json = frame.toString('utf8', from - 1, at + 1);
    if (!escaped) return { text: json.slice(1, -1), json };
    try {
      return { text: JSON.parse(json) as string, json };
    } catch {
      return undefined;
    }
  }
}

/** `[2,id,action,payload]`; the payload is JSON already. */
export function callFrame(id: string, action: string, payload: string): string {
  return `[2,${JSON.stringify(id)},${JSON.stringify(action)},${payload}]`;
}

/** `[3,id,payload]`; the payload is JSON already. */
export function resultFrame(id: FrameId, payload: string): string {
  return `[3,${id.json},${payload}]`;
}

/** `[4,id,code,description,details]`; OCPP allows 255 characters of description. */
export function errorFrame(id: FrameId, code: string, description: string, details: string): string {
  return `[4,${id.json},${JSON.stringify(code)},${JSON.stringify(description.slice(0, 255))},${details}]`;
}

/** The id that OCPP 2 gives to an error about a frame whose own id cannot be read. */
export const noId: FrameId = { text: '-1', json: '"-1"' };
