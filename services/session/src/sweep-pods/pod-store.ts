import type { Database } from '@ohmnibus/database';

/** From one name to the next along the index: the time goes with the pods, not with their stations. */
const pods = {
  name: 'pods-with-stations',
  text: `
    WITH RECURSIVE named AS (
      (SELECT pod FROM station WHERE pod IS NOT NULL ORDER BY pod LIMIT 1)
      UNION ALL
      SELECT (SELECT station.pod FROM station WHERE station.pod > named.pod ORDER BY station.pod LIMIT 1) FROM named WHERE named.pod IS NOT NULL
    )
    SELECT pod FROM named WHERE pod IS NOT NULL`,
};

/** A station that has connected elsewhere names another pod by now, and is left alone; so is one that another process sweeps at this moment. */
const disconnect = {
  name: 'disconnect-stations-of-pod',
  text: `
    WITH lost AS (
      SELECT tenant, id, epoch, pod, protocol, remote_address FROM station WHERE pod = $1 AND online ORDER BY tenant, id LIMIT $3 FOR UPDATE SKIP LOCKED
    ), applied AS (
      UPDATE station SET online = false, pod = NULL, disconnected_at = $2::timestamptz FROM lost
      WHERE station.tenant = lost.tenant AND station.id = lost.id
    )
    INSERT INTO outbox (tenant, station, type, body)
    SELECT tenant, id, 'station.disconnected',
      json_build_object('epoch', epoch, 'pod', pod, 'protocol', protocol, 'remoteAddress', remote_address, 'at', $2::timestamptz, 'reason', 'gateway gone')
    FROM lost
    RETURNING 1`,
};

/** Which gateway pods are believed to hold stations. */
export class PodStore {
  constructor(private readonly database: Database) {}

  /** Every pod that a station which is online names. */
  async pods(): Promise<string[]> {
    const rows = await this.database.run<[string]>(pods, []);
    return rows.map(([pod]) => pod);
  }

  /** Takes some of a pod's stations offline, each at the epoch that it has, with their events; how many it was. Less than `limit`: no more are left. */
  async disconnect(pod: string, at: Date, limit: number): Promise<number> {
    const rows = await this.database.run(disconnect, [pod, at, limit]);
    return rows.length;
  }
}
