import { tell, type Database } from '@ohmnibus/database';

const pods = { name: 'pods', text: 'SELECT name FROM gateway_pod ORDER BY name' };

/** Whoever lets a station name a pod has written that down within a few minutes: see KnownPods. */
const forget = {
  name: 'forget-pod',
  text: `
    DELETE FROM gateway_pod
    WHERE name = $1 AND seen_at < now() - interval '10 minutes' AND NOT EXISTS (SELECT FROM station WHERE station.pod = $1 AND station.online)`,
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
    ), told AS (
      ${tell(`
        SELECT tenant, id, 'station.disconnected',
          json_build_object('epoch', epoch, 'pod', pod, 'protocol', protocol, 'remoteAddress', remote_address, 'at', $2::timestamptz, 'reason', 'gateway gone')
        FROM lost`)}
    )
    SELECT 1 FROM lost`,
};

/** Which gateway pods are believed to hold stations. */
export class PodStore {
  constructor(private readonly database: Database) {}

  /** Every pod that a station which is online may name. */
  async pods(): Promise<string[]> {
    const rows = await this.database.run<[string]>(pods, []);
    return rows.map(([pod]) => pod);
  }

  /** Of a pod that no station names, nor will any more. */
  async forget(pod: string): Promise<void> {
    await this.database.run(forget, [pod]);
  }

  /** Takes some of a pod's stations offline, each at the epoch that it has, with their events; how many it was. Less than `limit`: no more are left. */
  async disconnect(pod: string, at: Date, limit: number): Promise<number> {
    const rows = await this.database.run(disconnect, [pod, at, limit]);
    return rows.length;
  }
}
