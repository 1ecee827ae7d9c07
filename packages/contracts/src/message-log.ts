import { protocolVersions, type ProtocolVersion, type StationRef } from '@ohmnibus/domain';
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

/** The same with frames that are still text. */
export type ExchangeToLog = Omit<LoggedExchange, 'request' | 'answer'> & { readonly request: Buffer | string; readonly answer: Buffer | string | undefined };

/** Appends an exchange to a pack that {@link readExchanges} takes apart. */
export function writeExchange(writer: Writer, exchange: ExchangeToLog): void {
  writer.u8(directions.indexOf(exchange.direction));
  writer.u8(protocolVersions.indexOf(exchange.protocol));
  writer.f64(exchange.epoch);
  writer.u32(exchange.frame);
  writer.f64(exchange.at.getTime());
  writer.u32(exchange.latencyMs);
  writer.text(exchange.tenant);
  writer.text(exchange.station);
  writer.text(exchange.messageId);
  writer.text(exchange.action);
  writeFrame(writer, exchange.request);
  writer.u8(exchange.answer === undefined ? 0 : 1);
  if (exchange.answer !== undefined) writeFrame(writer, exchange.answer);
}

/** The next exchange of a pack. Throws a RangeError on bytes that are none. */
export function readExchange(reader: Reader): LoggedExchange {
  const direction = directions[reader.u8()];
  const protocol = protocolVersions[reader.u8()];
  if (!direction || !protocol) throw new RangeError('the pack names a direction or protocol version that this build does not know');
  const epoch = reader.f64();
  const frame = reader.u32();
  const at = new Date(reader.f64());
  const latencyMs = reader.u32();
  const tenant = reader.text();
  const station = reader.text();
  const messageId = reader.text();
  const action = reader.text();
  const request = reader.bytes();
  const answer = reader.u8() === 1 ? reader.bytes() : undefined;
  return { direction, protocol, epoch, frame, at, latencyMs, tenant, station, messageId, action, request, answer };
}

function writeFrame(writer: Writer, frame: Buffer | string): void {
  if (typeof frame === 'string') writer.text(frame);
  else writer.bytes(frame);
}

/** The exchanges of a pack, in the order in which they were written. Throws a RangeError on bytes that are no pack. */
export function readExchanges(pack: Buffer): LoggedExchange[] {
  const exchanges: LoggedExchange[] = [];
  for (const reader = new Reader(pack); !reader.done; ) exchanges.push(readExchange(reader));
  return exchanges;
}

/** Many exchanges at once, written by the gateway as they happen; see {@link readExchanges}. Answered when they are stored. */
export const messageLog = packed({ subject: 'session.message-log', question: raw, answer: nothing, timeoutMs: 30_000 });
