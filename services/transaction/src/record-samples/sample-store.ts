import { commitWindowMs, float8Array, GroupCommit, InsertNew, int4Array, int8Array, textArray, timestamptzArray, type Database, type GroupCommitOptions, type Statement } from '@ohmnibus/database';
import type { Origin } from '@ohmnibus/domain';
import { KnownNumbers } from './known-numbers.js';
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
 * Answers those that the station has. Each is looked up by the key of its table, because a join of sets whose sizes are not known when the
 * statement is planned may compare each with each.
 */
const findNumbers: Statement = {
  name: 'find-sampled-transactions',
  text: `
    SELECT i.ord::int FROM unnest($1::text[], $2::text[], $3::int[]) WITH ORDINALITY AS i(tenant, station, number, ord)
    WHERE (SELECT (t.tenant, t.station) IS NOT DISTINCT FROM (i.tenant, i.station) FROM transaction t WHERE t.number = i.number)`,
};

/** Readings are wide: they stream into the table and are in no set that Postgres keeps in between. */
const insert = (passOver: string) => `
  INSERT INTO sample (tenant, station, at, evse, transaction, digest, received_at, register_wh, samples)
  SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::int[], $5::int[], $6::int8[], $7::timestamptz[], $8::float8[], $9::text[]) ${passOver}`;

/** Keeps meter readings. The same readings again are not stored again. */
export class SampleStore {
  private readonly batch: GroupCommit<PlacedSample, Stored>;
  private readonly insertion: InsertNew;
  private readonly known = new KnownNumbers();

  constructor(
    private readonly database: Database,
    onCommit?: GroupCommitOptions<PlacedSample, Stored>['onCommit'],
  ) {
    this.insertion = new InsertNew(database, 'insert-samples', insert);
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
    const rows = unsorted.toSorted(byKey);
    const unknown = await this.unknownOf(rows);
    await this.insertion.run([
      textArray(rows, (row) => row.origin.tenant),
      textArray(rows, (row) => row.origin.station),
      timestamptzArray(rows, (row) => row.at),
      int4Array(rows, (row) => row.evse),
      int4Array(rows, (row) => (row.transaction === undefined || unknown.has(row) ? 0 : row.transaction)),
      int8Array(rows, (row) => row.digest),
      timestamptzArray(rows, (row) => row.origin.receivedAt),
      float8Array(rows, (row) => row.registerWh),
      textArray(rows, (row) => row.samples),
    ]);
    return unsorted.map((row) => (unknown.has(row) ? 'unknown-transaction' : 'stored'));
  }

  /** The rows that name a transaction which their station does not have. */
  private async unknownOf(rows: readonly PlacedSample[]): Promise<Set<PlacedSample>> {
    const asked = rows.filter(({ transaction, origin }) => transaction !== undefined && !this.known.has(transaction, origin));
    const unknown = new Set(asked);
    if (asked.length === 0) return unknown;
    const found = await this.database.run<[ord: number]>(findNumbers, [
      textArray(asked, ({ origin }) => origin.tenant),
      textArray(asked, ({ origin }) => origin.station),
      int4Array(asked, ({ transaction }) => transaction),
    ]);
    for (const [ord] of found) {
      const row = asked[ord - 1]!;
      unknown.delete(row);
      this.known.note(row.transaction!, row.origin);
    }
    return unknown;
  }
}

function byKey(a: PlacedSample, b: PlacedSample): number {
  const [one, other] = [a.origin.station, b.origin.station];
  return one < other ? -1 : one > other ? 1 : a.at.getTime() - b.at.getTime() || a.digest - b.digest;
}
