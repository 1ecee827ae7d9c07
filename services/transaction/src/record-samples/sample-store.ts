import { commitWindowMs, float8Array, GroupCommit, int4Array, int8Array, jsonArray, manyRows, oneRow, textArray, timestamptzArray, type Database, type GroupCommitOptions, type Statement } from '@ohmnibus/database';
import type { Origin } from '@ohmnibus/domain';
import type { SampleRow } from './sample-row.js';

export interface PlacedSample extends SampleRow {
  readonly origin: Origin;
  readonly evse: number;
  /** The number that the station gave; undefined outside transactions. */
  readonly transaction: number | undefined;
}

/** `unknown-transaction`: stored outside transactions, because this station has none of that number. */
export type Stored = 'stored' | 'unknown-transaction';

const insert: Statement = {
  name: 'insert-samples',
  text: `
    WITH input AS MATERIALIZED (
      SELECT i.*, coalesce(t.number, 0) AS number
      FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::int[], $5::int[], $6::int8[], $7::timestamptz[], $8::float8[], $9::json[])
        WITH ORDINALITY AS i(tenant, station, at, evse, said, digest, received_at, register_wh, samples, ord)
      CROSS JOIN ${manyRows('$10')}
      LEFT JOIN (SELECT number, tenant, station FROM transaction WHERE number = ANY ($5::int[])) t ON t.number = i.said AND t.tenant = i.tenant AND t.station = i.station
    ), stored AS (
      INSERT INTO sample (tenant, station, at, evse, transaction, digest, received_at, register_wh, samples)
      SELECT tenant, station, at, evse, number, digest, received_at, register_wh, samples FROM input
      ORDER BY tenant, station, at -- two processes that store the same rows must not wait for each other in a circle
      ON CONFLICT DO NOTHING
    )
    SELECT ord FROM input WHERE said IS NOT NULL AND number = 0`,
};

/** Keeps meter readings. The same readings again are not stored again. */
export class SampleStore {
  private readonly batch: GroupCommit<PlacedSample, Stored>;

  constructor(
    private readonly database: Database,
    onCommit?: GroupCommitOptions<PlacedSample, Stored>['onCommit'],
  ) {
    this.batch = new GroupCommit({ name: 'samples', write: (rows) => this.insert(rows), windowMs: commitWindowMs, ...(onCommit && { onCommit }) });
  }

  get depth(): number {
    return this.batch.depth;
  }

  /** Resolves when it is committed. */
  add(sample: PlacedSample): Promise<Stored> {
    return this.batch.add(sample);
  }

  drain(): Promise<void> {
    return this.batch.drain();
  }

  private async insert(rows: readonly PlacedSample[]): Promise<Stored[]> {
    const unknown = await this.database.run<[ord: string]>(insert, [
      textArray(rows, (row) => row.origin.tenant),
      textArray(rows, (row) => row.origin.station),
      timestamptzArray(rows, (row) => row.at),
      int4Array(rows, (row) => row.evse),
      int4Array(rows, (row) => row.transaction),
      int8Array(rows, (row) => row.digest),
      timestamptzArray(rows, (row) => row.origin.receivedAt),
      float8Array(rows, (row) => row.registerWh),
      jsonArray(rows, (row) => row.samples),
      oneRow,
    ]);
    const stored = new Array<Stored>(rows.length).fill('stored');
    for (const [ord] of unknown) stored[Number(ord) - 1] = 'unknown-transaction';
    return stored;
  }
}
