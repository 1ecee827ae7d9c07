import { tell, type Database } from '@ohmnibus/database';
import type { SecurityProfile, StationRef } from '@ohmnibus/domain';

/** Whoever enters a newcomer has approved it; one that was refused stays so until that is taken back. A password that is set puts an end to those that are on their way to the station. */
const put = {
  name: 'put-station',
  text: `
    WITH before AS (
      SELECT security_profile FROM station WHERE tenant = $1 AND id = $2 FOR UPDATE
    ), gone AS (
      DELETE FROM pending_password WHERE $4::bool AND tenant = $1 AND station = $2
    ), told AS (
      ${tell(`
        SELECT $1::text, $2::text, 'station.security-profile-changed', json_build_object('from', security_profile, 'to', $5::int, 'by', 'operator')
        FROM before WHERE $6::bool AND security_profile IS DISTINCT FROM $5::int`)}
    )
    INSERT INTO station (tenant, id, password_hash, security_profile, certificate_name) SELECT $1, $2, $3, $5, $7 FROM (SELECT count(*) FROM before) AS looked_first
    ON CONFLICT (tenant, id) DO UPDATE SET
      password_hash = CASE WHEN $4::bool THEN excluded.password_hash ELSE station.password_hash END,
      security_profile = CASE WHEN $6::bool THEN excluded.security_profile ELSE station.security_profile END,
      certificate_name = CASE WHEN $8::bool THEN excluded.certificate_name ELSE station.certificate_name END,
      approval = CASE WHEN station.approval = 'waiting' THEN 'approved' ELSE station.approval END
    RETURNING xmax = 0`,
};

/**
 * Its connectors and whatever was believed to be in it go with it, and all by which it could come in: another one that is entered under its id
 * later on has nothing of it. Whoever believed it online learns that it is not. Transactions and history stay: what was charged is owed.
 */
const remove = {
  name: 'delete-station',
  text: `
    WITH gone AS (
      DELETE FROM station WHERE tenant = $1 AND id = $2 RETURNING tenant, id, online, epoch, pod, protocol, remote_address
    ), connectors AS (
      DELETE FROM connector USING gone WHERE connector.tenant = gone.tenant AND connector.station = gone.id
    ), passwords AS (
      DELETE FROM pending_password USING gone WHERE pending_password.tenant = gone.tenant AND pending_password.station = gone.id
    ), lists AS (
      DELETE FROM local_list USING gone WHERE local_list.tenant = gone.tenant AND local_list.station = gone.id
    ), configuration AS (
      DELETE FROM configuration_key USING gone WHERE configuration_key.tenant = gone.tenant AND configuration_key.station = gone.id
    ), snapshots AS (
      DELETE FROM configuration_snapshot USING gone WHERE configuration_snapshot.tenant = gone.tenant AND configuration_snapshot.station = gone.id
    ), profiles AS (
      DELETE FROM installed_charging_profile USING gone WHERE installed_charging_profile.tenant = gone.tenant AND installed_charging_profile.station = gone.id
    ), roots AS (
      DELETE FROM installed_certificate USING gone WHERE installed_certificate.tenant = gone.tenant AND installed_certificate.station = gone.id
    ), certificates AS (
      UPDATE certificate_request SET revoked_at = now() FROM gone
      WHERE certificate_request.tenant = gone.tenant AND certificate_request.station = gone.id
        AND fingerprint IS NOT NULL AND revoked_at IS NULL AND state NOT IN ('pending', 'signed')
    ), requests AS (
      UPDATE certificate_request SET state = 'expired', reason = 'the station was deleted', finished_at = now(), revoked_at = CASE WHEN fingerprint IS NOT NULL THEN now() END
      FROM gone WHERE certificate_request.tenant = gone.tenant AND certificate_request.station = gone.id AND state IN ('pending', 'signed')
      RETURNING certificate_request.id, certificate_request.tenant, certificate_request.station, state, reason
    ), reservations AS (
      UPDATE reservation r SET state = 'cancelled', cancelled_by = 'operator', ended_at = now() FROM gone
      WHERE r.tenant = gone.tenant AND r.station = gone.id AND r.state IN ('requested', 'active', 'unknown')
      RETURNING r.tenant, r.station, r.id, r.state, r.evse, r.token, r.expires_at, r.cancelled_by
    ), jobs AS (
      UPDATE maintenance_job j SET state = 'superseded', ended_at = now() FROM gone
      WHERE j.tenant = gone.tenant AND j.station = gone.id AND j.state IN ('ordered', 'running')
      RETURNING j.tenant, j.station, j.kind, j.id, j.state
    ), ended AS (
      ${tell(`
        SELECT tenant, station, 'certificate-request.changed', json_build_object('id', id, 'state', state, 'reason', reason) FROM requests
        UNION ALL
        SELECT tenant, station, 'reservation.changed',
          json_build_object('reservation', id, 'state', state, 'evse', evse, 'token', token, 'expiresAt', expires_at, 'cancelledBy', cancelled_by) FROM reservations
        UNION ALL
        SELECT tenant, station, kind || '.changed', json_build_object('id', id, 'state', state, 'at', now()) FROM jobs`)}
    ), told AS (
      ${tell(`
        SELECT tenant, id, 'station.disconnected', json_build_object('epoch', epoch, 'pod', pod, 'protocol', protocol, 'remoteAddress', remote_address, 'at', now(), 'reason', 'deleted')
        FROM gone WHERE online`)}
    )
    SELECT 1 FROM gone`,
};

/** What an operator decides of a station; undefined: it stays as it is. */
export interface StationSettings {
  /** Null: no password is asked for. */
  readonly passwordHash?: string | null | undefined;
  /** What it must connect with at least; null: what it has decides. */
  readonly securityProfile?: SecurityProfile | null | undefined;
  /** What its client certificates may name beside its id; null: nothing. */
  readonly certificateName?: string | null | undefined;
}

/** The stations that may connect. */
export class StationStore {
  constructor(private readonly database: Database) {}

  /** Makes the station if it is not there, and changes what is given of it. */
  async put({ tenant, station }: StationRef, { passwordHash, securityProfile, certificateName }: StationSettings): Promise<{ created: boolean }> {
    const values = [tenant, station, passwordHash ?? null, passwordHash !== undefined, securityProfile ?? null, securityProfile !== undefined, certificateName ?? null, certificateName !== undefined];
    const [row] = await this.database.run<[boolean]>(put, values);
    return { created: row?.[0] === true };
  }

  async delete({ tenant, station }: StationRef): Promise<{ deleted: boolean }> {
    const rows = await this.database.run(remove, [tenant, station]);
    return { deleted: rows.length > 0 };
  }
}
