import { tell, type Database } from '@ohmnibus/database';
import type { Approval, StationRef } from '@ohmnibus/domain';

/** A newcomer that is there already, because two of its connections came at once, is left as it is. */
const take = {
  name: 'take-newcomer',
  text: `
    WITH taken AS (
      INSERT INTO station (tenant, id, approval, registration)
      SELECT $1, $2, $3, CASE WHEN $3 = 'waiting' THEN 'Pending' ELSE 'Accepted' END
      WHERE $3 <> 'waiting' OR (SELECT count(*) FROM station WHERE tenant = $1 AND approval = 'waiting') < $4
      ON CONFLICT DO NOTHING
      RETURNING tenant, id, approval
    )
    ${tell(`SELECT tenant, id, 'station.appeared', json_build_object('approval', approval) FROM taken`)}
    RETURNING 1`,
};

/** An operator's word also lets the station through the boot policy `pending`, or has it wait again. */
const decide = {
  name: 'decide-on-station',
  text: `
    WITH before AS (
      SELECT tenant, id, approval FROM station WHERE tenant = $1 AND id = $2 FOR UPDATE
    ), decided AS (
      UPDATE station SET
        approval = $3,
        released_at = CASE WHEN $3 = 'approved' THEN now() END,
        registration = CASE WHEN $3 = 'refused' THEN 'Rejected' ELSE station.registration END
      FROM before WHERE station.tenant = before.tenant AND station.id = before.id
      RETURNING station.registration, station.online
    ), told AS (
      ${tell(`SELECT tenant, id, 'station.approval-changed', json_build_object('from', approval, 'to', $3::text) FROM before WHERE approval <> $3`)}
    )
    SELECT registration, online FROM decided`,
};

export interface Decided {
  /** As its last boot was answered. */
  readonly registration: string;
  readonly online: boolean;
}

/** Stations that came by themselves. */
export class NewcomerStore {
  constructor(private readonly database: Pick<Database, 'run'>) {}

  /** Makes the station known. Whether it did: not if it is known already, or if too many wait. */
  async take({ tenant, station }: StationRef, approval: Approval, mostWaiting: number): Promise<boolean> {
    return (await this.database.run(take, [tenant, station, approval, mostWaiting])).length > 0;
  }

  /** Undefined: there is no such station. */
  async decide({ tenant, station }: StationRef, approval: Approval): Promise<Decided | undefined> {
    const [row] = await this.database.run<[registration: string, online: boolean]>(decide, [tenant, station, approval]);
    return row && { registration: row[0], online: row[1] };
  }
}
