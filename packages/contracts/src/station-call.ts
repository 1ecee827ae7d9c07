import { protocolVersions, type Origin, type Quirks, type Standing } from '@ohmnibus/domain';
import { packed } from './contract.js';
import type { Codec } from './binary.js';
import type { ConnectionReport } from './connection.js';
import { readQuirks, writeQuirks } from './quirks-text.js';

/** A CALL on its way from a gateway pod to the service that serves its action. The payload is the station's own bytes. */
export interface StationCall {
  readonly origin: Origin;
  readonly messageId: string;
  readonly action: string;
  readonly payload: Buffer;
  /** Of the station; absent: it has none. */
  readonly quirks?: Quirks | undefined;
  /** That its connection is new, which a boot may bring along; the rest of what is to be reported is in the origin. Stored with what the call is about. */
  readonly connected?: Pick<ConnectionReport, 'pod' | 'remoteAddress' | 'at'> | undefined;
}

/** What the gateway writes back: the JSON of a CALLRESULT, or the parts of a CALLERROR. */
export type StationAnswer =
  /** `standing`: how the station stands from now on, which a boot decides. */
  | { readonly kind: 'result'; readonly payload: string; readonly standing?: Standing | undefined }
  | { readonly kind: 'error'; readonly code: string; readonly description: string; readonly details: string };

/** Bits beside the version's index: what most calls do not have costs them nothing. */
const withQuirks = 0x80;
const withConnected = 0x40;

const callCodec: Codec<StationCall> = {
  write(writer, { origin, messageId, action, payload, quirks, connected }) {
    writer.u8(protocolVersions.indexOf(origin.protocol) | (quirks ? withQuirks : 0) | (connected ? withConnected : 0));
    writer.f64(origin.epoch);
    writer.u32(origin.frame);
    writer.f64(origin.receivedAt.getTime());
    writer.text(origin.tenant);
    writer.text(origin.station);
    writer.text(messageId);
    writer.text(action);
    writer.bytes(payload);
    if (quirks) writer.text(writeQuirks(quirks));
    if (!connected) return;
    writer.text(connected.pod);
    writer.text(connected.remoteAddress);
    writer.f64(connected.at.getTime());
  },
  read(reader) {
    const head = reader.u8();
    const protocol = protocolVersions[head & ~(withQuirks | withConnected)];
    if (!protocol) throw new RangeError('the pack names a protocol version that this build does not know');
    const epoch = reader.f64();
    const frame = reader.u32();
    const receivedAt = new Date(reader.f64());
    const tenant = reader.text();
    const station = reader.text();
    const origin = { tenant, station, protocol, epoch, frame, receivedAt };
    const messageId = reader.text();
    const action = reader.text();
    const payload = reader.bytes();
    const quirks = head & withQuirks ? readQuirks(reader.text()) : undefined;
    const connected = head & withConnected ? { pod: reader.text(), remoteAddress: reader.text(), at: new Date(reader.f64()) } : undefined;
    return { origin, messageId, action, payload, quirks, connected };
  },
};

/** How a station stands of which nothing special is known: what nearly every boot comes to. */
export const plainStanding: Standing = { registration: 'Accepted', booted: true };

function isPlain({ registration, booted, quirks }: Standing): boolean {
  return registration === 'Accepted' && booted && !quirks;
}

const answerCodec: Codec<StationAnswer> = {
  write(writer, answer) {
    if (answer.kind === 'result') {
      const { standing } = answer;
      writer.u8(standing ? (isPlain(standing) ? 3 : 2) : 0);
      writer.longText(answer.payload);
      if (standing && !isPlain(standing)) writer.longText(JSON.stringify(standing));
    } else {
      writer.u8(1);
      writer.text(answer.code);
      writer.text(answer.description);
      writer.text(answer.details);
    }
  },
  read(reader) {
    const kind = reader.u8();
    if (kind === 0) return { kind: 'result', payload: reader.text() };
    if (kind === 3) return { kind: 'result', payload: reader.text(), standing: plainStanding };
    if (kind === 2) return { kind: 'result', payload: reader.text(), standing: JSON.parse(reader.text()) as Standing };
    return { kind: 'error', code: reader.text(), description: reader.text(), details: reader.text() };
  },
};

/** Every CALL that a station sends. The queue group is the service, so any of its processes may answer. */
export const stationCall = packed({ subject: 'ocpp.in.{service}.{shard}', question: callCodec, answer: answerCodec, timeoutMs: 10_000 });
