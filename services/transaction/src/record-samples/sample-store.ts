import { commitWindowMs, float8Array, GroupCommit, int4Array, int8Array, textArray, timestamptzArray, type Database, type GroupCommitOptions, type Statement } from '@ohmnibus/database';
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

/**
 * `known` holds what becomes of the number that each row named, in the order of the rows: each is looked up by the key of its table, because
 * a join of sets whose sizes are not known when the statement is planned may compare each with each. The readings themselves are wide:
 * they stream into the table and are in no set that Postgres keeps in between.
 */
const insert: Statement = {
  name: 'insert-samples',
  text: `
    WITH known AS MATERIALIZED (
      SELECT array_agg(coalesce((
        SELECT t.number FROM transaction t WHERE t.number = i.said AND (t.tenant, t.station) IS NOT DISTINCT FROM (i.tenant, i.station)), 0) ORDER BY ord) AS numbers
      FROM unnest($1::text[], $2::text[], $5::int[]) WITH ORDINALITY AS i(tenant, station, said, ord)
    ), stored AS (
      INSERT INTO sample (tenant, station, at, evse, transaction, digest, received_at, register_wh, samples)
      SELECT i.tenant, i.station, i.at, i.evse, (SELECT numbers FROM known)[ord], i.digest, i.received_at, i.register_wh, i.samples
      FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::int[], $6::int8[], $7::timestamptz[], $8::float8[], $9::text[])
        WITH ORDINALITY AS i(tenant, station, at, evse, digest, received_at, register_wh, samples, ord)
      ON CONFLICT DO NOTHING
    )
    SELECT ord FROM unnest($5::int[], (SELECT numbers FROM known)) WITH ORDINALITY AS i(said, number, ord) WHERE said IS NOT NULL AND number = 0`,
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

  private async insert(unsorted: readonly PlacedSample[]): Promise<Stored[]> {
    // Two processes that store the same rows must not wait for each other in a circle.
    const order = Array.from(unsorted, (_, i) => i).sort((a, b) => byKey(unsorted[a]!, unsorted[b]!));
    const rows = order.map((i) => unsorted[i]!);
    const unknown = await this.database.run<[ord: string]>(insert, [
      textArray(rows, (row) => row.origin.tenant),
      textArray(rows, (row) => row.origin.station),
      timestamptzArray(rows, (row) => row.at),
      int4Array(rows, (row) => row.evse),
      int4Array(rows, (row) => row.transaction),
      int8Array(rows, (row) => row.digest),
      timestamptzArray(rows, (row) => row.origin.receivedAt),
      float8Array(rows, (row) => row.registerWh),
      textArray(rows, (row) => row.samples),
    ]);
    const stored = new Array<Stored>(rows.length).fill('stored');
    for (const [ord] of unknown) stored[order[Number(ord) - 1]!] = 'unknown-transaction';
    return stored;
  }
}

function byKey(a: PlacedSample, b: PlacedSample): number {
  const [one, other] = [a.origin.station, b.origin.station];
  return one < other ? -1 : one > other ? 1 : a.at.getTime() - b.at.getTime() || a.digest - b.digest;
}
