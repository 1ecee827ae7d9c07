import { GroupCommit, textArray, type Database } from '@ohmnibus/database';
import type { StationRef } from '@ohmnibus/domain';

/** Undefined: there is no such station. Null: it is asked for no password. */
export type StationSecret = string | null | undefined;

const statement = {
  name: 'station-secrets',
  text: `
    SELECT asked.i, station.password_hash
    FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS asked (tenant, id, i)
    JOIN station ON station.tenant = asked.tenant AND station.id = asked.id`,
};

/** The stored hashes of stations' passwords. The questions of one turn of the event loop share a query, as rows share a commit. */
export class StationSecrets {
  private readonly lookups: GroupCommit<StationRef, StationSecret>;

  constructor(private readonly database: Database) {
    this.lookups = new GroupCommit({ name: 'station-secrets', write: (stations) => this.read(stations) });
  }

  /** Throws a Fault `unavailable` if the database cannot be reached. */
  of(station: StationRef): Promise<StationSecret> {
    return this.lookups.add(station);
  }

  private async read(stations: readonly StationRef[]): Promise<StationSecret[]> {
    const secrets = Array.from<StationSecret>({ length: stations.length });
    const rows = await this.database.run<[string, string | null]>(statement, [textArray(stations, (s) => s.tenant), textArray(stations, (s) => s.station)]);
    for (const [i, passwordHash] of rows) secrets[Number(i) - 1] = passwordHash;
    return secrets;
  }
}
