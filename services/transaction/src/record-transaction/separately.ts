import type { StationRef } from '@ohmnibus/domain';

/**
 * Runs `write` on rows of different stations, sorted by station so that two processes lock in the same order; a second row of a station
 * waits for the next call. Results are in the order of the rows given.
 */
export async function separately<Row, Result>(
  rows: readonly Row[],
  stationOf: (row: Row) => StationRef,
  write: (rows: readonly Row[]) => Promise<readonly Result[]>,
): Promise<Result[]> {
  const keyed = rows.map((row, i) => ({ row, i, key: `${stationOf(row).tenant}\u0000${stationOf(row).station}` }));
  keyed.sort((a, b) => (a.key < b.key ? -1 : a.key > b.key ? 1 : a.i - b.i));
  const results = new Array<Result>(rows.length);
  for (let rest = keyed; rest.length > 0; ) {
    const first = rest.filter(({ key }, at) => key !== rest[at - 1]?.key);
    rest = rest.filter(({ key }, at) => key === rest[at - 1]?.key);
    const written = await write(first.map(({ row }) => row));
    for (const [at, { i }] of first.entries()) results[i] = written[at] as Result;
  }
  return results;
}
