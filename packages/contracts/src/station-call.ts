import { protocolVersions, type Origin } from '@ohmnibus/domain';
import { packed } from './contract.js';
import type { Codec } from './binary.js';

/** A CALL on its way from a gateway pod to the service that serves its action. The payload is the station's own bytes. */
export interface StationCall {
  readonly origin: Origin;
  readonly messageId: string;
  readonly action: string;
  readonly payload: Buffer;
}

/** What the gateway writes back: the JSON of a CALLRESULT, or the parts of a CALLERROR. */
export type StationAnswer =
  | { readonly kind: 'result'; readonly payload: string }
  | { readonly kind: 'error'; readonly code: string; readonly description: string; readonly details: string };

const callCodec: Codec<StationCall> = {
  write(writer, { origin, messageId, action, payload }) {
    writer.u8(protocolVersions.indexOf(origin.protocol));
    writer.f64(origin.epoch);
    writer.u32(origin.frame);
    writer.f64(origin.receivedAt.getTime());
    writer.text(origin.tenant);
    writer.text(origin.station);
    writer.text(messageId);
    writer.text(action);
    writer.bytes(payload);
  },
  read(reader) {
    const protocol = protocolVersions[reader.u8()];
    if (!protocol) throw new RangeError('the pack names a protocol version that this build does not know');
    const epoch = reader.f64();
    const frame = reader.u32();
    const receivedAt = new Date(reader.f64());
    const tenant = reader.text();
    const station = reader.text();
    return { origin: { tenant, station, protocol, epoch, frame, receivedAt }, messageId: reader.text(), action: reader.text(), payload: reader.bytes() };
  },
};

const answerCodec: Codec<StationAnswer> = {
  write(writer, answer) {
    if (answer.kind === 'result') {
      writer.u8(0);
      writer.text(answer.payload);
    } else {
      writer.u8(1);
      writer.text(answer.code);
      writer.text(answer.description);
      writer.text(answer.details);
    }
  },
  read(reader) {
    if (reader.u8() === 0) return { kind: 'result', payload: reader.text() };
    return { kind: 'error', code: reader.text(), description: reader.text(), details: reader.text() };
  },
};

/** Every CALL that a station sends. The queue group is the service, so any of its processes may answer. */
export const stationCall = packed({ subject: 'ocpp.in.{service}.{shard}', question: callCodec, answer: answerCodec, timeoutMs: 10_000 });
