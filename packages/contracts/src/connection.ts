import { protocolVersions, type ProtocolVersion, type StationRef } from '@ohmnibus/domain';
import { nothing, type Codec } from './binary.js';
import { packed } from './contract.js';

/** A connection came or went. Applied by the rules for online state: see the connection store of the session service. */
export interface ConnectionReport extends StationRef {
  readonly phase: 'connected' | 'disconnected';
  readonly epoch: number;
  /** The gateway process, by its incarnation. */
  readonly pod: string;
  readonly protocol: ProtocolVersion;
  readonly remoteAddress: string;
  readonly at: Date;
}

const reportCodec: Codec<ConnectionReport> = {
  write(writer, report) {
    writer.u8(report.phase === 'connected' ? 1 : 0);
    writer.u8(protocolVersions.indexOf(report.protocol));
    writer.f64(report.epoch);
    writer.f64(report.at.getTime());
    writer.text(report.tenant);
    writer.text(report.station);
    writer.text(report.pod);
    writer.text(report.remoteAddress);
  },
  read(reader) {
    const phase = reader.u8() === 1 ? 'connected' : 'disconnected';
    const protocol = protocolVersions[reader.u8()];
    if (!protocol) throw new RangeError('the pack names a protocol version that this build does not know');
    const epoch = reader.f64();
    const at = new Date(reader.f64());
    return { phase, protocol, epoch, at, tenant: reader.text(), station: reader.text(), pod: reader.text(), remoteAddress: reader.text() };
  },
};

/** Answered when it is committed; nobody waits for that but to send it again. */
export const connectionReport = packed({ subject: 'session.connection', question: reportCodec, answer: nothing, timeoutMs: 10_000 });

/** That a station was heard from, at most every so often. */
export interface Sighting extends StationRef {
  readonly at: Date;
}

const sightingCodec: Codec<Sighting> = {
  write(writer, { tenant, station, at }) {
    writer.f64(at.getTime());
    writer.text(tenant);
    writer.text(station);
  },
  read: (reader) => ({ at: new Date(reader.f64()), tenant: reader.text(), station: reader.text() }),
};

/** Last-seen, gathered by each gateway so that no heartbeat costs a row. */
export const sighting = packed({ subject: 'session.sighting', question: sightingCodec, answer: nothing, timeoutMs: 10_000 });
