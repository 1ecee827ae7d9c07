import type { Database } from '@ohmnibus/database';
import type { StationRef } from '@ohmnibus/domain';
import { configurationKnown } from './configuration-known.js';

/** What decides on what is done after a boot. */
export interface BootFacts {
  /** Of the boot that counts. */
  readonly bootEpoch: number;
  readonly configurationKnown: boolean;
}

type Row = [bootEpoch: string, known: boolean];

const statement = {
  name: 'boot-facts',
  text: `
    SELECT boot_epoch, ${configurationKnown('station.tenant', 'station.id', 'station.firmware_version')}
    FROM station WHERE tenant = $1 AND id = $2 AND registration = 'Accepted'`,
};

/** Of a station that is accepted; undefined: it is not, or not any more. */
export async function bootFacts(database: Pick<Database, 'run'>, { tenant, station }: StationRef): Promise<BootFacts | undefined> {
  const [row] = await database.run<Row>(statement, [tenant, station]);
  return row && { bootEpoch: Number(row[0]), configurationKnown: row[1] };
}
