import { int4Array, int8Array, tell, textArray, timestamptzArray, type Database, type Statement } from '@ohmnibus/database';
import type { DriftMeasurement } from '@ohmnibus/domain';

/** A row for each time that a clock was so far off; the last goes on as long as that hardly changes. Told when it passes the threshold. */
const keep: Statement = {
  name: 'keep-clocks',
  text: `
    WITH input AS MATERIALIZED (
      SELECT i.*, last.since AS last_since, last.drift_ms AS last_drift_ms, coalesce(abs(i.drift_ms - last.drift_ms) <= $7::int8, false) AS goes_on
      FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::timestamptz[], $5::int8[], $6::int4[]) AS i(tenant, station, since, until, drift_ms, measurements)
      JOIN station s ON s.tenant = i.tenant AND s.id = i.station
      LEFT JOIN LATERAL (
        SELECT c.since, c.drift_ms FROM station_clock c WHERE c.tenant = i.tenant AND c.station = i.station ORDER BY c.since DESC LIMIT 1
      ) last ON true
    ), gone_on AS (
      UPDATE station_clock c SET until = greatest(c.until, i.until), drift_ms = i.drift_ms, measurements = least(c.measurements::int8 + i.measurements, 2147483647)::int4
      FROM input i WHERE i.goes_on AND c.tenant = i.tenant AND c.station = i.station AND c.since = i.last_since
    ), begun AS (
      INSERT INTO station_clock (tenant, station, since, until, drift_ms, measurements)
      SELECT tenant, station, greatest(since, last_since + interval '1 millisecond'), greatest(until, last_since + interval '1 millisecond'), drift_ms, measurements
      FROM input WHERE NOT goes_on
      ON CONFLICT DO NOTHING
    ), forgotten AS (
      DELETE FROM station_clock c USING input i
      WHERE NOT i.goes_on AND c.tenant = i.tenant AND c.station = i.station AND c.since < (
        SELECT o.since FROM station_clock o WHERE o.tenant = i.tenant AND o.station = i.station ORDER BY o.since DESC OFFSET $9 LIMIT 1)
    )
    ${tell(`
      SELECT tenant, station, 'station.clock-drifted', json_build_object(
        'driftSeconds', drift_ms / 1000.0, 'thresholdSeconds', $8::int8 / 1000.0, 'exceeded', abs(drift_ms) > $8::int8, 'measurements', measurements, 'at', until)
      FROM input WHERE (abs(drift_ms) > $8::int8) <> (abs(coalesce(last_drift_ms, 0)) > $8::int8)`)}`,
};

/** Rows of a station that are kept: a clock that jumps all the time does not fill the table. */
const rowsKept = 50;
/** Changes below this are not worth a row of their own, in milliseconds. */
const sameMs = 10_000;

/** How far the clocks of stations are off, and were. */
export class ClockStore {
  constructor(
    private readonly database: Pick<Database, 'run'>,
    private readonly thresholdMs: number,
  ) {}

  /** Of a station the oldest first. Stations that are not known are left out. */
  async keep(measured: readonly DriftMeasurement[]): Promise<void> {
    for (const rows of rounds(measured)) {
      await this.database.run(keep, [
        textArray(rows, ({ tenant }) => tenant),
        textArray(rows, ({ station }) => station),
        timestamptzArray(rows, ({ since }) => since),
        timestamptzArray(rows, ({ until }) => until),
        int8Array(rows, ({ driftMs }) => Math.round(driftMs)),
        int4Array(rows, ({ measurements }) => measurements),
        sameMs,
        this.thresholdMs,
        // Of those that were there: one more is being written, and the one at the offset stays.
        rowsKept - 2,
      ]);
    }
  }
}

/** Two measurements of one station do not meet in one statement: the second goes on from the first. */
function rounds(measured: readonly DriftMeasurement[]): DriftMeasurement[][] {
  const all: DriftMeasurement[][] = [];
  const seen = new Map<string, number>();
  for (const measurement of measured) {
    const key = JSON.stringify([measurement.tenant, measurement.station]);
    const round = seen.get(key) ?? 0;
    seen.set(key, round + 1);
    (all[round] ??= []).push(measurement);
  }
  return all.map((round) => round.toSorted((a, b) => compareText(a.tenant, b.tenant) || compareText(a.station, b.station)));
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
