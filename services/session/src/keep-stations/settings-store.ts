import type { StationSettings } from '@ohmnibus/contracts';
import type { Database } from '@ohmnibus/database';
import type { StationRef } from '@ohmnibus/domain';

/** A boot policy that is set anew has the station wait for a release again. */
const put = {
  name: 'put-station-settings',
  text: `
    UPDATE station SET
      boot_policy = CASE WHEN $3 THEN $4 ELSE boot_policy END,
      released_at = CASE WHEN $3 THEN NULL ELSE released_at END,
      assumed_protocol = CASE WHEN $5 THEN $6 ELSE assumed_protocol END,
      on_boot_configuration = CASE WHEN $7 THEN $8 ELSE on_boot_configuration END,
      on_boot_local_list = CASE WHEN $9 THEN $10 ELSE on_boot_local_list END,
      template = CASE WHEN $11 THEN $12 ELSE template END
    WHERE tenant = $1 AND id = $2 RETURNING 1`,
};

/** What operators decide for single stations, beside their credentials. */
export class SettingsStore {
  constructor(private readonly database: Pick<Database, 'run'>) {}

  /** Changes what is given. False: there is no such station. */
  async put({ tenant, station }: StationRef, settings: StationSettings): Promise<boolean> {
    const { bootPolicy, assumedProtocol, onBootConfiguration, onBootLocalList, template } = settings;
    const given = [bootPolicy, assumedProtocol, onBootConfiguration, onBootLocalList, template].flatMap((value) => [value !== undefined, value ?? null]);
    return (await this.database.run(put, [tenant, station, ...given])).length > 0;
  }
}
