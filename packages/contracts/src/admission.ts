import type { StationRef } from '@ohmnibus/domain';
import { z } from 'zod';
import { broadcast, packed } from './contract.js';
import { json, type Codec } from './binary.js';

/** A station at the door. */
export interface AdmissionRequest extends StationRef {
  /** The bytes behind the first colon of the Basic credentials; undefined if the handshake had none. */
  readonly password: Buffer | undefined;
  /** The bytes before that colon, as text. */
  readonly username: string | undefined;
}

export type Admission =
  | { readonly verdict: 'admitted' }
  /** No such station: HTTP 404. */
  | { readonly verdict: 'unknown' }
  /** Credentials missing or wrong: HTTP 401. */
  | { readonly verdict: 'unauthenticated'; readonly reason: string };

const requestCodec: Codec<AdmissionRequest> = {
  write(writer, { tenant, station, username, password }) {
    writer.text(tenant);
    writer.text(station);
    writer.u8(password === undefined ? 0 : 1);
    if (password !== undefined) {
      writer.text(username ?? '');
      writer.bytes(password);
    }
  },
  read(reader) {
    const tenant = reader.text();
    const station = reader.text();
    if (reader.u8() === 0) return { tenant, station, username: undefined, password: undefined };
    return { tenant, station, username: reader.text(), password: reader.bytes() };
  },
};

/** May this station connect? */
export const admission = packed({ subject: 'session.admission', question: requestCodec, answer: json<Admission>(), timeoutMs: 5_000 });

/**
 * A station's credentials changed or it is gone: whoever remembers an admission of it forgets it, and gateways that hold a socket
 * of a station that is gone close it.
 */
export const stationChanged = broadcast({
  subject: 'session.station-changed',
  event: z.object({ tenant: z.string(), station: z.string(), change: z.enum(['credentials', 'deleted']) }),
});
