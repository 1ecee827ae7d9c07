import { tell, type Database, type Statement } from '@ohmnibus/database';
import type { StationCertificateUse, StationRef } from '@ohmnibus/domain';
import type { CertificateFacts } from '@ohmnibus/pki';

/** A request whose turn has come. */
export interface DueRequest extends StationRef {
  readonly id: string;
  readonly use: StationCertificateUse;
  readonly request: string;
  /** Absent: it is still to be signed. */
  readonly chain: string | undefined;
  /** How often it was taken up, this time included. */
  readonly attempt: number;
}

/** What is taken up belongs to whoever took it for so long; a process that dies leaves it to the others. */
export const leaseSeconds = 90;

const takeDue: Statement = {
  name: 'certificates-due',
  text: `UPDATE certificate_request SET next_attempt_at = $1::timestamptz + make_interval(secs => $3), attempts = attempts + 1, offline_since = NULL
    WHERE id IN (
      SELECT request.id FROM certificate_request request
      WHERE request.state IN ('pending', 'signed') AND request.approved AND request.expires_at > $1 AND (
        request.next_attempt_at <= $1
        OR EXISTS (SELECT FROM station WHERE station.tenant = request.tenant AND station.id = request.station AND station.online AND station.connected_at > request.offline_since))
      ORDER BY request.next_attempt_at LIMIT $2 FOR UPDATE SKIP LOCKED)
    RETURNING id::text, tenant, station, use, request, chain, attempts`,
};

const tellEnded = tell(`SELECT tenant, station, 'certificate-request.changed', json_strip_nulls(json_build_object('id', id, 'state', state, 'reason', reason)) FROM ended`);

const expire: Statement = {
  name: 'certificates-expire',
  text: `WITH ended AS (
      UPDATE certificate_request SET state = 'expired', finished_at = $1
      WHERE id IN (SELECT id FROM certificate_request WHERE state IN ('pending', 'signed') AND expires_at <= $1 FOR UPDATE SKIP LOCKED)
      RETURNING id, tenant, station, state, reason
    ), told AS (
      ${tellEnded}
    )
    SELECT 1 FROM ended`,
};

const setSigned: Statement = {
  name: 'certificate-signed',
  text: `WITH signed AS (
      UPDATE certificate_request SET state = 'signed', chain = $2, fingerprint = $3, serial_number = $4, not_before = $5, not_after = $6, signed_at = $7, reason = NULL
      WHERE id = $1::uuid AND state = 'pending' RETURNING id, tenant, station, state
    )
    ${tell(`SELECT tenant, station, 'certificate-request.changed', json_build_object('id', id, 'state', state) FROM signed`)} RETURNING 1`,
};

const later: Statement = {
  name: 'certificate-later',
  text: `UPDATE certificate_request SET next_attempt_at = $2, reason = $3, offline_since = $4 WHERE id = $1::uuid AND state IN ('pending', 'signed')`,
};

const finish: Statement = {
  name: 'certificate-finish',
  text: `WITH ended AS (
      UPDATE certificate_request SET state = $2, reason = $3, finished_at = $4, last_command = coalesce($5::uuid, last_command)
      WHERE id = $1::uuid AND state IN ('pending', 'signed') RETURNING id, tenant, station, state, reason
    )
    ${tellEnded}`,
};

type Row = [id: string, tenant: string, station: string, use: StationCertificateUse, request: string, chain: string | null, attempts: number];

/** The open requests, as the signing sees them. Every step is one commit, and changes nothing if somebody else has taken it already. */
export class SigningQueue {
  constructor(private readonly database: Pick<Database, 'run'>) {}

  /** Takes up requests whose turn has come, for as long as a lease. */
  async take(now: Date, most: number): Promise<DueRequest[]> {
    const rows = await this.database.run<Row>(takeDue, [now, most, leaseSeconds]);
    return rows.map(([id, tenant, station, use, request, chain, attempt]) => ({ id, tenant, station, use, request, chain: chain ?? undefined, attempt }));
  }

  /** Ends what has waited too long; how many there were. */
  async expire(now: Date): Promise<number> {
    return (await this.database.run(expire, [now])).length;
  }

  /** False if it is no longer to be signed. */
  async signed(id: string, chain: string, certificate: CertificateFacts, now: Date): Promise<boolean> {
    const { fingerprint, serialNumber, notBefore, notAfter } = certificate;
    return (await this.database.run(setSigned, [id, chain, fingerprint, serialNumber, notBefore, notAfter, now])).length > 0;
  }

  /** @param offlineSince if that is why: then it is tried as soon as the station is back */
  async later(id: string, at: Date, reason: string, offlineSince?: Date): Promise<void> {
    await this.database.run(later, [id, at, reason, offlineSince ?? null]);
  }

  async finish(id: string, state: 'accepted' | 'rejected', reason: string | undefined, now: Date, command?: string): Promise<void> {
    await this.database.run(finish, [id, state, reason ?? null, now, command ?? null]);
  }
}
