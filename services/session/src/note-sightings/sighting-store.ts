import type { Sighting } from '@ohmnibus/contracts';
import { collapse, textArray, timestamptzArray, type Database } from '@ohmnibus/database';

const statement = {
  name: 'note-sightings',
  text: `
    WITH seen AS (
      SELECT station.tenant, station.id, asked.at
      FROM unnest($1::text[], $2::text[], $3::timestamptz[]) AS asked (tenant, id, at)
      JOIN station ON station.tenant = asked.tenant AND station.id = asked.id
      WHERE station.last_seen_at IS NULL OR station.last_seen_at < asked.at
      ORDER BY station.tenant, station.id
      FOR UPDATE OF station
    )
    UPDATE station SET last_seen_at = seen.at FROM seen WHERE station.tenant = seen.tenant AND station.id = seen.id`,
};

/** When stations were last heard from. */
export class SightingStore {
  constructor(private readonly database: Database) {}

  /** Moves last-seen forward, never back. Unknown stations are left out. */
  async note(sightings: readonly Sighting[]): Promise<void[]> {
    const { rows } = collapse(
      sightings,
      ({ tenant, station }) => `${tenant.length}:${tenant}${station}`,
      (a, b) => a.at > b.at,
    );
    await this.database.run(statement, [textArray(rows, (row) => row.tenant), textArray(rows, (row) => row.station), timestamptzArray(rows, (row) => row.at)]);
    return Array.from<void>({ length: sightings.length });
  }
}
