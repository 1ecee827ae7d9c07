import { tell, type Database } from '@ohmnibus/database';
import type { SecurityProfile, StationRef } from '@ohmnibus/domain';

const statement = {
  name: 'raise-security-profile',
  text: `
    WITH before AS (
      SELECT tenant, id, security_profile FROM station WHERE tenant = $1 AND id = $2 AND coalesce(security_profile, 0) < $3 FOR UPDATE
    ), raised AS (
      UPDATE station SET security_profile = $3 FROM before WHERE station.tenant = before.tenant AND station.id = before.id
    )
    ${tell(`SELECT tenant, id, 'station.security-profile-changed', json_build_object('from', security_profile, 'to', $3::int, 'by', 'station') FROM before`)}
    RETURNING 1`,
};

/** A station that has once come in with a profile never again comes in with a lower one, until an operator lowers it. Whether that is new. */
export async function raiseProfile(database: Pick<Database, 'run'>, { tenant, station }: StationRef, profile: SecurityProfile): Promise<boolean> {
  return (await database.run(statement, [tenant, station, profile])).length > 0;
}
