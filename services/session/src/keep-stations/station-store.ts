import type { Database } from '@ohmnibus/database';
import type { StationRef } from '@ohmnibus/domain';

const put = {
  name: 'put-station',
  text: `
    INSERT INTO station (tenant, id, password_hash) VALUES ($1, $2, $3)
    ON CONFLICT (tenant, id) DO UPDATE SET password_hash = CASE WHEN $4::bool THEN excluded.password_hash ELSE station.password_hash END
    RETURNING xmax = 0`,
};

/** Its connectors go with it, and whoever believed it online learns that it is not. Transactions and history stay: what was charged is owed. */
const remove = {
  name: 'delete-station',
  text: `
    WITH gone AS (
      DELETE FROM station WHERE tenant = $1 AND id = $2 RETURNING tenant, id, online, epoch, pod, protocol, remote_address
    ), connectors AS (
      DELETE FROM connector USING gone WHERE connector.tenant = gone.tenant AND connector.station = gone.id
    ), told AS (
      INSERT INTO outbox (tenant, station, type, body)
      SELECT tenant, id, 'station.disconnected', json_build_object('epoch', epoch, 'pod', pod, 'protocol', protocol, 'remoteAddress', remote_address, 'at', now(), 'reason', 'deleted')
      FROM gone WHERE online
    )
    SELECT 1 FROM gone`,
};

/** The stations that may connect. */
export class StationStore {
  constructor(private readonly database: Database) {}

  /**
   * Makes the station if it is not there, and changes its password's hash.
   * @param passwordHash null: no password is asked for; undefined: it stays as it is
   */
  async put({ tenant, station }: StationRef, passwordHash: string | null | undefined): Promise<{ created: boolean }> {
    const [row] = await this.database.run<[boolean]>(put, [tenant, station, passwordHash ?? null, passwordHash !== undefined]);
    return { created: row?.[0] === true };
  }

  async delete({ tenant, station }: StationRef): Promise<{ deleted: boolean }> {
    const rows = await this.database.run(remove, [tenant, station]);
    return { deleted: rows.length > 0 };
  }
}
