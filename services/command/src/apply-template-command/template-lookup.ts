import type { Database, Statement } from '@ohmnibus/database';
import type { DesiredVariable, StationRef } from '@ohmnibus/domain';

const byName: Statement = {
  name: 'template-by-name',
  text: 'SELECT name, keys FROM configuration_template WHERE tenant = $1 AND name = $2',
};

/** One that is assigned counts; else of those that fit the highest priority, and of equal ones the first by name. */
const ofStation: Statement = {
  name: 'template-of-station',
  text: `
    SELECT t.name, t.keys
    FROM station s JOIN configuration_template t ON t.tenant = s.tenant
    WHERE s.tenant = $1 AND s.id = $2 AND CASE
      WHEN s.template IS NOT NULL THEN t.name = s.template
      ELSE (t.vendor IS NOT NULL OR t.model IS NOT NULL OR t.firmware IS NOT NULL)
        AND fits_pattern(s.vendor, t.vendor) AND fits_pattern(s.model, t.model) AND fits_pattern(s.firmware_version, t.firmware)
    END
    ORDER BY t.priority DESC, t.name LIMIT 1`,
};

export interface Template {
  readonly name: string;
  readonly keys: readonly DesiredVariable[];
}

/** Which template a station is to follow. One without any pattern is only for stations that it is assigned to. */
export class TemplateLookup {
  constructor(private readonly database: Pick<Database, 'run'>) {}

  /** @param name undefined: the station's own */
  async find({ tenant, station }: StationRef, name: string | undefined): Promise<Template | undefined> {
    const [row] = await this.database.run<[name: string, keys: DesiredVariable[]]>(...(name === undefined ? ([ofStation, [tenant, station]] as const) : ([byName, [tenant, name]] as const)));
    return row && { name: row[0], keys: row[1] };
  }
}
