import { Reader, type Codec, type Writer } from '@ohmnibus/contracts';
import { Fault, isFaultCode } from '@ohmnibus/domain';

/**
 * The layout of packs. Questions: (correlation u32, deadline f64, length u32, bytes)*. Answers: (correlation u32, kind u8, length u32,
 * bytes)*, kind 0 being an answer and 1 a fault as JSON. The length lets a reader step over an item that it cannot read.
 */
export function writeQuestion<Q>(writer: Writer, codec: Codec<Q>, correlation: number, deadline: number, question: Q): void {
  writer.u32(correlation);
  writer.f64(deadline);
  writeSized(writer, codec, question);
}

/** @param take told of each question, with its deadline in milliseconds since 1970 */
export function readQuestions(pack: Buffer, take: (correlation: number, deadline: number, question: Reader) => void): void {
  for (const reader = new Reader(pack); !reader.done; ) {
    const correlation = reader.u32();
    const deadline = reader.f64();
    take(correlation, deadline, reader.part());
  }
}

export function writeAnswer<A>(writer: Writer, codec: Codec<A>, correlation: number, answer: A): void {
  writer.u32(correlation);
  writer.u8(0);
  writeSized(writer, codec, answer);
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

/** @param take told of each answer, or of the fault that stands in its place */
export function readAnswers(pack: Buffer, take: (correlation: number, answer: Reader | Fault) => void): void {
  for (const reader = new Reader(pack); !reader.done; ) {
    const correlation = reader.u32();
    const failed = reader.u8() === 1;
    take(correlation, failed ? readFault(reader.bytes()) : reader.part());
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

function writeSized<T>(writer: Writer, codec: Codec<T>, value: T): void {
  const at = writer.length;
  writer.u32(0);
  codec.write(writer, value);
  writer.patchU32(at, writer.length - at - 4);
}
