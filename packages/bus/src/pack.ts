import { Reader, type Codec, type Writer } from '@ohmnibus/contracts';
import { Fault, isFaultCode } from '@ohmnibus/domain';

/**
 * The layout of packs. Questions: (correlation u32, deadline f64, length u32, bytes)*. Answers: (correlation u32, kind u8, length u32,
 * bytes)*, kind 0 being an answer and 1 a fault as JSON. The length lets a reader step over an item that it cannot read.
 */
export function writeQuestion<Q>(writer: Writer, codec: Codec<Q>, correlation: number, deadline: number, question: Q): void {
  writer.u32(correlation);
  writer.f64(deadline);
  sized(writer, () => codec.write(writer, question));
}

export interface PackedItem {
  readonly correlation: number;
  /** Milliseconds since 1970. */
  readonly deadline: number;
  readonly bytes: Buffer;
}

export function* readQuestions(pack: Buffer): Generator<PackedItem> {
  for (const reader = new Reader(pack); !reader.done; ) {
    const correlation = reader.u32();
    const deadline = reader.f64();
    yield { correlation, deadline, bytes: reader.bytes() };
  }
}

export function writeAnswer<A>(writer: Writer, codec: Codec<A>, correlation: number, answer: A): void {
  writer.u32(correlation);
  writer.u8(0);
  sized(writer, () => codec.write(writer, answer));
}

export function writeFault(writer: Writer, correlation: number, fault: Fault): void {
  const text = faultText(fault);
  writer.u32(correlation);
  writer.u8(1);
  writer.text(text);
}

/** A fault as it travels between processes; details that are no JSON stay behind. */
export function faultText({ code, message, details }: Fault): string {
  try {
    return JSON.stringify({ code, message, details });
  } catch {
    return JSON.stringify({ code, message });
  }
}

export interface PackedAnswer {
  readonly correlation: number;
  readonly fault: Fault | undefined;
  readonly bytes: Buffer;
}

export function* readAnswers(pack: Buffer): Generator<PackedAnswer> {
  for (const reader = new Reader(pack); !reader.done; ) {
    const correlation = reader.u32();
    const failed = reader.u8() === 1;
    const bytes = reader.bytes();
    yield { correlation, fault: failed ? readFault(bytes) : undefined, bytes };
  }
}

/** The fault of a text from another process. What cannot be read is a defect of the other side. */
export function readFault(bytes: Uint8Array): Fault {
  try {
    const { code, message, details } = JSON.parse(Buffer.from(bytes).toString()) as { code: string; message: string; details?: Record<string, unknown> };
    return new Fault(isFaultCode(code) ? code : 'internal', message, details);
  } catch (error) {
    return new Fault('internal', 'a fault arrived that cannot be read', {}, { cause: error });
  }
}

function sized(writer: Writer, write: () => void): void {
  const at = writer.length;
  writer.u32(0);
  write();
  writer.patchU32(at, writer.length - at - 4);
}
