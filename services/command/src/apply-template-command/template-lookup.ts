import type { Database, Statement } from '@ohmnibus/database';
import type { DesiredVariable, StationRef } from '@ohmnibus/domain';

const byName: Statement = {
  name: 'template-by-name',
  text: 'SELECT name, keys FROM configuration_template WHERE tenant = $1 AND name = $2',
};

const ofStation: Statement = { name: 'template-of-station', text: 'SELECT name, keys FROM station_template WHERE tenant = $1 AND station = $2' };

export interface Template {
  readonly name: string;
  readonly keys: readonly DesiredVariable[];
}

/** Which template a station is to follow: see the view. */
export class TemplateLookup {
  constructor(private readonly database: Pick<Database, 'run'>) {}

  /** @param name undefined: the station's own */
  async find({ tenant, station }: StationRef, name: string | undefined): Promise<Template | undefined> {
    const [row] = await this.database.run<[name: string, keys: DesiredVariable[]]>(...(name === undefined ? ([ofStation, [tenant, station]] as const) : ([byName, [tenant, name]] as const)));
    return row && { name: row[0], keys: row[1] };
  }
}
