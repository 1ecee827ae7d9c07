import { protocolVersions, type ProtocolVersion, type Standing, type StationRef } from '@ohmnibus/domain';
import { z } from 'zod';
import { broadcast, packed } from './contract.js';
import type { Codec } from './binary.js';

/** A client certificate, as the proxy that ended the TLS connection forwards it. */
export interface ForwardedCertificate {
  /** In DER; bytes that are no certificate if the proxy sent something else. */
  readonly der: Buffer;
  /** What the proxy thinks of it: `SUCCESS`, or why not; empty if it does not say. */
  readonly verdict: string;
}

/** A station at the door. */
export interface AdmissionRequest extends StationRef {
  /** The bytes behind the first colon of the Basic credentials; undefined if the handshake had none. */
  readonly password: Buffer | undefined;
  /** The bytes before that colon, as text. */
  readonly username: string | undefined;
  /** It came over TLS, to the gateway itself or to a proxy that the gateway trusts. */
  readonly secure: boolean;
  readonly certificate: ForwardedCertificate | undefined;
  /** Undefined: the handshake offers no subprotocol at all. */
  readonly protocol: ProtocolVersion | undefined;
}

export type Admission =
  | {
      readonly verdict: 'admitted';
      /** Absent: accepted, booted before, and without quirks, as nearly all are. */
      readonly standing?: Standing;
      /** The version that it speaks, if its handshake does not say. */
      readonly assumed?: ProtocolVersion;
    }
  /** No such station: HTTP 404. */
  | { readonly verdict: 'unknown' }
  /** Credentials missing or wrong: HTTP 401. */
  | { readonly verdict: 'unauthenticated'; readonly reason: string }
  /** No credentials would help on such a connection: HTTP 403. */
  | { readonly verdict: 'forbidden'; readonly reason: string }
  /** Its handshake names no version, and nobody has said which one it speaks: HTTP 400. */
  | { readonly verdict: 'versionless' };

const flags = { password: 1, secure: 2, certificate: 4 };
const noProtocol = 255;

const requestCodec: Codec<AdmissionRequest> = {
  write(writer, { tenant, station, username, password, secure, certificate, protocol }) {
    writer.text(tenant);
    writer.text(station);
    writer.u8(protocol === undefined ? noProtocol : protocolVersions.indexOf(protocol));
    writer.u8((password === undefined ? 0 : flags.password) | (secure ? flags.secure : 0) | (certificate ? flags.certificate : 0));
    if (password !== undefined) {
      writer.text(username ?? '');
      writer.bytes(password);
    }
    if (certificate) {
      writer.bytes(certificate.der);
      writer.text(certificate.verdict);
    }
  },
  read(reader) {
    const tenant = reader.text();
    const station = reader.text();
    const named = reader.u8();
    const protocol = named === noProtocol ? undefined : protocolVersions[named];
    const present = reader.u8();
    const username = present & flags.password ? reader.text() : undefined;
    const password = present & flags.password ? reader.bytes() : undefined;
    const certificate = present & flags.certificate ? { der: reader.bytes(), verdict: reader.text() } : undefined;
    return { tenant, station, username, password, secure: (present & flags.secure) !== 0, certificate, protocol };
  },
};

const plain: Admission = { verdict: 'admitted' };

/** Nearly every answer says nothing but yes. */
const answerCodec: Codec<Admission> = {
  write(writer, answer) {
    const isPlain = answer.verdict === 'admitted' && answer.standing === undefined && answer.assumed === undefined;
    writer.u8(isPlain ? 1 : 0);
    if (!isPlain) writer.longText(JSON.stringify(answer));
  },
  read: (reader) => (reader.u8() === 1 ? plain : (JSON.parse(reader.text()) as Admission)),
};

/** May this station connect? Where many ask, a handshake takes longer than the window by far. */
export const admission = packed({ subject: 'session.admission', question: requestCodec, answer: answerCodec, timeoutMs: 5_000, windowMs: 8 });

/**
 * A station's credentials or its standing changed, or it is gone: whoever remembers an admission of it forgets it, and gateways that hold a
 * socket of a station that is gone, or of which a certificate was taken back, close it.
 */
export const stationChanged = broadcast({
  subject: 'session.station-changed',
  event: z.object({ tenant: z.string(), station: z.string(), change: z.enum(['credentials', 'standing', 'revoked', 'deleted']) }),
});

/** What holds for many stations of a tenant changed, its settings or quirk profiles: whoever remembers any of it forgets it. */
export const tenantChanged = broadcast({ subject: 'session.tenant-changed', event: z.object({ tenant: z.string() }) });
