import type { Database, Statement } from '@ohmnibus/database';
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
}

const names: Statement = {
  name: 'certificate-names',
  text: `SELECT own.serial_number, EXISTS (
      SELECT FROM station other WHERE other.tenant = $1 AND other.id <> $2 AND (other.id = own.serial_number OR other.serial_number = own.serial_number))
    FROM station own WHERE own.tenant = $1 AND own.id = $2`,
};

/** The requests of a station are taken one after the other. */
const lock: Statement = { name: 'certificate-lock', text: `SELECT pg_advisory_xact_lock(hashtextextended('certificate-request/' || $1 || '/' || $2, 0))` };

const repeated: Statement = {
  name: 'certificate-repeated',
  text: 'SELECT state FROM certificate_request WHERE tenant = $1 AND station = $2 AND epoch = $3 AND frame = $4',
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
    INSERT INTO outbox (tenant, station, type, body) SELECT tenant, station, 'certificate-request.changed', json_build_object('id', id, 'state', state) FROM ended`,
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
    INSERT INTO outbox (tenant, station, type, body)
    SELECT tenant, station, 'certificate-request.changed', json_strip_nulls(json_build_object('id', id, 'state', state, 'reason', reason)) FROM kept WHERE attempts = 0`,
};

/** What stations ask to have signed. */
export class RequestStore {
  constructor(private readonly database: Database) {}

  /** What a station has told of itself, and whether it is alone with its serial number. */
  async namesOf({ tenant, station }: StationRef): Promise<{ readonly serialNumber: string | null; readonly claimed: boolean }> {
    const [row] = await this.database.run<[serialNumber: string | null, claimed: boolean]>(names, [tenant, station]);
    return { serialNumber: row?.[0] ?? null, claimed: row?.[1] ?? false };
  }

  /**
   * Keeps a request and ends an older open one of the station, in one commit. A repetition, be it the same frame or the same request, is
   * kept once; one that arrives behind a newer one is kept as superseded.
   */
  keep(request: KeptRequest): Promise<'kept' | 'refused'> {
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
      if (!verdict.accepted) {
        await add('refused', verdict.reason);
        return 'refused';
      }
      const [open] = await run<[id: string, digest: string, newer: boolean]>(openOne, [tenant, station, use, epoch, frame]);
      if (open?.[1] === digest) return 'kept';
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
