import type { Kind } from './messages.js';

/** What a question was answered with: a transaction's number for a start, 0 for others, or what is wrong with it. */
export type Verdict = number | string;

const idDigits = 10;
/** `[3,"0000000001",` */
const payloadAt = 4 + idDigits + 2;
const emptyObject = Buffer.from('{}]');
const time = Buffer.from('{"currentTime":"2');

/**
 * Looks at an answer as far as it has to: type, id, and whether the payload says what it should. Every server writes it the same compact
 * way; one that did otherwise is parsed as JSON before it counts as wrong.
 */
export function readAnswer(bytes: Buffer, start: number, end: number, id: number, kind: Kind): Verdict {
  if (bytes[start + 1] === 0x33 && idAt(bytes, start + 4) === id) {
    const at = start + payloadAt;
    if (kind === 'Heartbeat' ? startsWith(bytes, at, time) : (kind === 'MeterValues' || kind === 'StatusNotification') && startsWith(bytes, at, emptyObject)) return 0;
  }
  return readSlowly(bytes.toString('latin1', start, end), id, kind);
}

function readSlowly(text: string, id: number, kind: Kind): Verdict {
  let frame: unknown;
  try {
    frame = JSON.parse(text);
  } catch {
    return `no JSON: ${text}`;
  }
  const [type, answered, payload] = frame as [number, string, Record<string, unknown>];
  if (type !== 3) return `an error: ${text}`;
  if (answered !== String(id).padStart(idDigits, '0')) return `the answer to ${answered} for ${id}`;
  const tag = (payload['idTagInfo'] as { status?: unknown } | undefined)?.status;
  const number = payload['transactionId'];
  switch (kind) {
    case 'Heartbeat':
      return typeof payload['currentTime'] === 'string' ? 0 : `no time: ${text}`;
    case 'StartTransaction':
      return typeof number === 'number' && number > 0 && tag === 'Accepted' ? number : `no charge: ${text}`;
    case 'StopTransaction':
      return tag === 'Accepted' ? 0 : `no verdict: ${text}`;
    case 'BootNotification':
      return payload['status'] === 'Accepted' ? 0 : `not registered: ${text}`;
    default:
      return Object.keys(payload).length === 0 ? 0 : `not empty: ${text}`;
  }
}

function idAt(bytes: Buffer, at: number): number {
  let id = 0;
  for (let i = at; i < at + idDigits; i++) id = id * 10 + bytes[i]! - 0x30;
  return id;
}

function startsWith(bytes: Buffer, at: number, expected: Buffer): boolean {
  for (let i = 0; i < expected.length; i++) if (bytes[at + i] !== expected[i]) return false;
  return true;
}
