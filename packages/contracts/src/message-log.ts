import { protocolVersions, type ProtocolVersion, type StationRef } from '@ohmnibus/domain';
import { compressSync, uncompressSync } from 'snappy';
import { nothing, raw, Reader, type Writer } from './binary.js';
import { packed } from './contract.js';

/** Who spoke first. */
export const directions = ['from-station', 'to-station'] as const;
export type Direction = (typeof directions)[number];

/** One CALL and what was answered to it, or a frame that stands alone, byte by byte as they crossed the wire. */
export interface LoggedExchange extends StationRef {
  readonly direction: Direction;
  readonly protocol: ProtocolVersion;
  readonly epoch: number;
  /** Counts the frames of a direction within an epoch. */
  readonly frame: number;
  /** When the first frame was received or written. */
  readonly at: Date;
  /** From the first frame to the second, in milliseconds; 0 without a second. */
  readonly latencyMs: number;
  /** Empty where the frame could not be read so far. */
  readonly messageId: string;
  readonly action: string;
  readonly request: Buffer;
  /** Absent if no answer was given. */
  readonly answer: Buffer | undefined;
}

/** What a stretch says of each of its exchanges, with frames that may still be text. */
export type ExchangeToLog = Omit<LoggedExchange, 'request' | 'answer' | 'protocol' | 'epoch' | keyof StationRef> & {
  readonly request: Buffer | string;
  readonly answer: Buffer | string | undefined;
};

/** Exchanges of one connection in the order in which they ended: what the log keeps as one row. */
export interface Stretch extends StationRef {
  readonly protocol: ProtocolVersion;
  readonly epoch: number;
  /** The earliest of its exchanges' `at`. */
  readonly beganAt: Date;
  /** When its last exchange ended. */
  readonly endedAt: Date;
  /** Of its last exchange: with the epoch they name this stretch among all of its station. */
  readonly direction: Direction;
  readonly frame: number;
  readonly count: number;
  /** Whether something in it has to be blanked out before it is kept. */
  readonly secrets: boolean;
  /** See {@link writeExchange} and {@link packExchanges}. */
  readonly exchanges: Buffer;
}

/** Appends an exchange to those of its stretch. */
export function writeExchange(writer: Writer, exchange: ExchangeToLog): void {
  writer.u8(directions.indexOf(exchange.direction));
  writer.u32(exchange.frame);
  writer.f64(exchange.at.getTime());
  writer.u32(exchange.latencyMs);
  writer.text(exchange.messageId);
  writer.text(exchange.action);
  writeFrame(writer, exchange.request);
  writer.u8(exchange.answer === undefined ? 0 : 1);
  if (exchange.answer !== undefined) writeFrame(writer, exchange.answer);
}

function writeFrame(writer: Writer, frame: Buffer | string): void {
  if (typeof frame === 'string') writer.longText(frame);
  else writer.bytes(frame);
}

/** What is shorter is not worth it. Not below 128: see {@link isPacked}. */
const leastToPack = 1_024;

/**
 * Exchanges as they travel and are kept: a station says nearly the same again and again, and what is said once only is cheaper to send, to write
 * and to keep. Short ones stay as they are.
 */
export function packExchanges(exchanges: Buffer): Buffer {
  return exchanges.length < leastToPack ? exchanges : compressSync(exchanges);
}

/** Exchanges begin with a direction, which is 0 or 1; Snappy's bytes with the low bits of a length, with the highest bit set for lengths from 128 on. */
function isPacked(exchanges: Buffer): boolean {
  return exchanges.length > 0 && exchanges[0]! >= 0x80;
}

function unpackExchanges(exchanges: Buffer): Buffer {
  try {
    return isPacked(exchanges) ? (uncompressSync(exchanges, { asBuffer: true }) as Buffer) : exchanges;
  } catch (error) {
    throw new RangeError('the exchanges of the log cannot be unpacked', { cause: error });
  }
}

/** The exchanges of a stretch, packed or not, in the order in which they ended. Throws a RangeError on bytes that are none. */
export function readExchanges({ tenant, station, protocol, epoch, exchanges }: Pick<Stretch, 'protocol' | 'epoch' | 'exchanges' | keyof StationRef>): LoggedExchange[] {
  const found: LoggedExchange[] = [];
  for (const reader = new Reader(unpackExchanges(exchanges)); !reader.done; ) {
    const direction = directions[reader.u8()];
    if (!direction) throw new RangeError('the log names a direction that this build does not know');
    const frame = reader.u32();
    const at = new Date(reader.f64());
    const latencyMs = reader.u32();
    const messageId = reader.text();
    const action = reader.text();
    const request = reader.bytes();
    const answer = reader.u8() === 1 ? reader.bytes() : undefined;
    found.push({ direction, protocol, epoch, frame, at, latencyMs, tenant, station, messageId, action, request, answer });
  }
  return found;
}

/** All of a stretch but its exchanges. */
export type StretchHead = Omit<Stretch, 'exchanges'>;

/** Appends a stretch to a pack. */
export function writeStretch(writer: Writer, stretch: Stretch): void {
  writeStretchHead(writer, stretch);
  writer.bytes(stretch.exchanges);
}

/** Appends the head of a stretch; the bytes of its exchanges have to follow. */
export function writeStretchHead(writer: Writer, stretch: StretchHead): void {
  writer.text(stretch.tenant);
  writer.text(stretch.station);
  writer.u8(protocolVersions.indexOf(stretch.protocol));
  writer.f64(stretch.epoch);
  writer.f64(stretch.beganAt.getTime());
  writer.f64(stretch.endedAt.getTime());
  writer.u8(directions.indexOf(stretch.direction));
  writer.u32(stretch.frame);
  writer.u32(stretch.count);
  writer.u8(stretch.secrets ? 1 : 0);
}

/** The next stretch of a pack. Throws a RangeError on bytes that are none. */
export function readStretch(reader: Reader): Stretch {
  const tenant = reader.text();
  const station = reader.text();
  const protocol = protocolVersions[reader.u8()];
  const epoch = reader.f64();
  const beganAt = new Date(reader.f64());
  const endedAt = new Date(reader.f64());
  const direction = directions[reader.u8()];
  const frame = reader.u32();
  const count = reader.u32();
  const secrets = reader.u8() === 1;
  const exchanges = reader.bytes();
  if (!direction || !protocol) throw new RangeError('the pack names a direction or protocol version that this build does not know');
  return { tenant, station, protocol, epoch, beganAt, endedAt, direction, frame, count, secrets, exchanges };
}

/** The stretches of a pack. Throws a RangeError on bytes that are no pack. */
export function readStretches(pack: Buffer): Stretch[] {
  const stretches: Stretch[] = [];
  for (const reader = new Reader(pack); !reader.done; ) stretches.push(readStretch(reader));
  return stretches;
}

/** Many stretches at once; see {@link readStretches}. Answered when they are stored. */
export const messageLog = packed({ subject: 'session.message-log', question: raw, answer: nothing, timeoutMs: 30_000, alone: true });
