import { tell, type Database, type Statement } from '@ohmnibus/database';
import type { Origin, StationCertificateUse, StationRef } from '@ohmnibus/domain';
import type { CheckedRequest } from '@ohmnibus/pki';
import { randomUUID } from 'node:crypto';

export interface KeptRequest {
  readonly origin: Origin;
  readonly use: StationCertificateUse;
  readonly digest: string;
  readonly verdict: ({ readonly accepted: true } & CheckedRequest) | { readonly accepted: false; readonly pem: string; readonly reason: string };
  readonly approved: boolean;
  readonly requestedAt: Date;
  readonly expiresAt: Date;
  readonly nextAttemptAt: Date;
  /** So many of a station are kept within a day; more are refused without a trace. */
  readonly mostPerDay: number;
}

const serialNumber: Statement = { name: 'certificate-serial-number', text: 'SELECT serial_number FROM station WHERE tenant = $1 AND id = $2' };

/** What another station reports to be its serial number is no reason to keep a station from its own identity. */
const claimed: Statement = {
  name: 'certificate-name-claimed',
  text: `SELECT 1 FROM station WHERE tenant = $1 AND id <> $2 AND (certificate_name = $3 OR ($3 <> $2 AND (id = $3 OR serial_number = $3))) LIMIT 1`,
};

/** The requests of a station are taken one after the other. */
const lock: Statement = { name: 'certificate-lock', text: `SELECT pg_advisory_xact_lock(hashtextextended('certificate-request/' || $1 || '/' || $2, 0))` };

const repeated: Statement = {
  name: 'certificate-repeated',
  text: 'SELECT state FROM certificate_request WHERE tenant = $1 AND station = $2 AND epoch = $3 AND frame = $4',
};

/** By the index on the time, and no further than the limit. */
const ofLastDay: Statement = {
  name: 'certificate-of-last-day',
  text: `SELECT count(*)::int FROM (
      SELECT FROM certificate_request WHERE tenant = $1 AND station = $2 AND requested_at > $3::timestamptz - interval '1 day' LIMIT $4) AS recent`,
};

const openOne: Statement = {
  name: 'certificate-open',
  text: `SELECT id::text, digest, epoch > $4 OR (epoch = $4 AND frame > $5) FROM certificate_request
    WHERE tenant = $1 AND station = $2 AND use = $3 AND state IN ('pending', 'signed')`,
};

const supersede: Statement = {
  name: 'certificate-supersede',
  text: `WITH ended AS (
      UPDATE certificate_request SET state = 'superseded', reason = 'the station has sent a newer request', finished_at = $2
      WHERE id = $1::uuid AND state IN ('pending', 'signed') RETURNING id, tenant, station, state
    )
    ${tell(`SELECT tenant, station, 'certificate-request.changed', json_build_object('id', id, 'state', state) FROM ended`)}`,
};

const insert: Statement = {
  name: 'certificate-insert',
  text: `WITH kept AS (
      INSERT INTO certificate_request AS known (id, tenant, station, use, request, digest, common_name, organization, key, state, reason, approved, epoch, frame,
        requested_at, expires_at, next_attempt_at, finished_at, attempts)
      VALUES ($1::uuid, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, 0)
      ON CONFLICT (tenant, station, use, digest) WHERE state = 'refused'
      DO UPDATE SET requested_at = excluded.requested_at, reason = excluded.reason, attempts = known.attempts + 1, epoch = excluded.epoch, frame = excluded.frame
      RETURNING id, tenant, station, state, reason, attempts
    )
    ${tell(`
      SELECT tenant, station, 'certificate-request.changed', json_strip_nulls(json_build_object('id', id, 'state', state, 'reason', reason)) FROM kept WHERE attempts = 0`)}`,
};

/** What stations ask to have signed. */
export class RequestStore {
  constructor(private readonly database: Database) {}

  /** The serial number that a station has told; null: none. Undefined: there is no such station. */
  async serialNumberOf({ tenant, station }: StationRef): Promise<string | null | undefined> {
    const [row] = await this.database.run<[string | null]>(serialNumber, [tenant, station]);
    return row && row[0];
  }

  /** Whether another station has that name too: as its identity, by its own word, or by an operator's. */
  async isClaimed({ tenant, station }: StationRef, name: string): Promise<boolean> {
    return (await this.database.run(claimed, [tenant, station, name])).length > 0;
  }

  /**
   * Keeps a request and ends an older open one of the station, in one commit. A repetition, be it the same frame or the same request, is
   * kept once; one that arrives behind a newer one is kept as superseded.
   */
  keep(request: KeptRequest): Promise<'kept' | 'refused' | 'too-many'> {
    const { origin, use, digest, verdict, requestedAt } = request;
    const { tenant, station, epoch, frame } = origin;
    return this.database.transaction(async (run) => {
      await run(lock, [tenant, station]);
      const [same] = await run<[state: string]>(repeated, [tenant, station, epoch, frame]);
      if (same) return same[0] === 'refused' ? 'refused' : 'kept';
      const add = (state: string, reason: string | null) =>
        run(insert, [
          randomUUID(),
          tenant,
          station,
          use,
          verdict.pem,
          digest,
          verdict.accepted ? verdict.commonName : null,
          verdict.accepted ? (verdict.organization ?? null) : null,
          verdict.accepted ? verdict.key : null,
          state,
          reason,
          request.approved && verdict.accepted,
          epoch,
          frame,
          requestedAt,
          request.expiresAt,
          request.nextAttemptAt,
          state === 'pending' ? null : requestedAt,
        ]);
      const [open] = await run<[id: string, digest: string, newer: boolean]>(openOne, [tenant, station, use, epoch, frame]);
      if (verdict.accepted && open?.[1] === digest) return 'kept';
      const [[recent] = [0]] = await run<[number]>(ofLastDay, [tenant, station, requestedAt, request.mostPerDay]);
      if (recent >= request.mostPerDay) return 'too-many';
      if (!verdict.accepted) {
        await add('refused', verdict.reason);
        return 'refused';
      }
      if (open?.[2]) {
        await add('superseded', 'it arrived behind a newer request of the station');
        return 'kept';
      }
      if (open) await run(supersede, [open[0], requestedAt]);
      await add('pending', null);
      return 'kept';
    });
  }
}
