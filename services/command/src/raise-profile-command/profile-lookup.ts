import type { Database, Statement } from '@ohmnibus/database';
import type { SecurityProfile, StationRef } from '@ohmnibus/domain';

const find: Statement = {
  name: 'command-profile-of-station',
  text: 'SELECT security_profile, password_hash IS NOT NULL FROM station WHERE tenant = $1 AND id = $2',
};

export interface FoundProfile {
  /** Null: nothing was set. */
  readonly set: SecurityProfile | null;
  readonly hasPassword: boolean;
}

/** What a station must connect with at present. */
export class ProfileLookup {
  constructor(private readonly database: Pick<Database, 'run'>) {}

  async find({ tenant, station }: StationRef): Promise<FoundProfile | undefined> {
    const [row] = await this.database.run<[set: SecurityProfile | null, hasPassword: boolean]>(find, [tenant, station]);
    return row && { set: row[0], hasPassword: row[1] };
  }
}
