import { protocolVersions, type ProtocolVersion, type StationRef } from '@ohmnibus/domain';
import { nothing, type Codec } from './binary.js';
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

const exchangeCodec: Codec<LoggedExchange> = {
  write(writer, exchange) {
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
    writer.bytes(exchange.request);
    writer.u8(exchange.answer ? 1 : 0);
    if (exchange.answer) writer.bytes(exchange.answer);
  },
  read(reader) {
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
  },
};

/** Answered when it is written. Nobody waits for it, so it travels in large packs. */
export const messageLog = packed({ subject: 'session.message-log', question: exchangeCodec, answer: nothing, timeoutMs: 30_000, windowMs: 25 });
