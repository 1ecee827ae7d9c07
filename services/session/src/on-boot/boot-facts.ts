import type { Database } from '@ohmnibus/database';
import type { StationRef } from '@ohmnibus/domain';

/** What decides on what is done after a boot. */
export interface BootFacts {
  /** Of the boot that counts. */
  readonly bootEpoch: number;
  readonly firmwareVersion: string | null;
  /** The whole configuration was read, with this firmware; undefined: never. */
  readonly read: { readonly firmwareVersion: string | null } | undefined;
}

type Row = [bootEpoch: string, firmwareVersion: string | null, read: boolean, readFirmware: string | null];

const statement = {
  name: 'boot-facts',
  text: `
    SELECT station.boot_epoch, station.firmware_version, snapshot.read_at IS NOT NULL, snapshot.firmware_version
    FROM station LEFT JOIN configuration_snapshot AS snapshot ON snapshot.tenant = station.tenant AND snapshot.station = station.id
    WHERE station.tenant = $1 AND station.id = $2 AND station.registration = 'Accepted'`,
};

/** Of a station that is accepted; undefined: it is not, or not any more. */
export async function bootFacts(database: Pick<Database, 'run'>, { tenant, station }: StationRef): Promise<BootFacts | undefined> {
  const [row] = await database.run<Row>(statement, [tenant, station]);
  if (!row) return undefined;
  const [bootEpoch, firmwareVersion, read, readFirmware] = row;
  return { bootEpoch: Number(bootEpoch), firmwareVersion, read: read ? { firmwareVersion: readFirmware } : undefined };
}
