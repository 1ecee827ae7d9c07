import type pg from 'pg';
import { loggedIds } from './logged-ids.js';
import { sumOf, type Tally } from '../load-client/tally.js';
import type { Kind } from '../load-client/messages.js';

/** What is compared of a table: rows, different ones among them, and the sum of what makes them different. */
interface Figures {
  readonly rows: number;
  readonly distinct: number;
  readonly sum: number;
}

interface Promised {
  readonly what: string;
  readonly query: string;
  readonly promised: (tally: Tally) => { readonly rows: number; readonly sum: number };
}

const ofIds = (...kinds: Kind[]) => (tally: Tally) => {
  const { count, ids } = kinds.length === 0 ? sumOf(tally) : sumOf(tally, kinds);
  return { rows: count, sum: ids };
};
const ofRegisters = (...kinds: Kind[]) => (tally: Tally) => {
  const { count, registers } = sumOf(tally, kinds);
  return { rows: count, sum: registers };
};
const figures = (value: string) => `count(*) AS rows, count(DISTINCT ${value}) AS distinct, coalesce(sum(${value}::numeric), 0) AS sum`;

/** Every answer promises rows. Equal counts, no value twice and equal sums mean that they are the rows of these very messages. */
const promises: readonly Promised[] = [
  { what: 'status reports', query: `SELECT ${figures('info')} FROM status_report`, promised: ofIds('StatusNotification') },
  {
    what: 'samples of their transactions',
    query: `SELECT ${figures('register_wh')} FROM sample JOIN transaction USING (tenant, station) WHERE transaction.number = sample.transaction`,
    promised: ofRegisters('MeterValues', 'StartTransaction', 'StopTransaction'),
  },
  { what: 'samples', query: `SELECT ${figures('register_wh')} FROM sample`, promised: ofRegisters('MeterValues', 'StartTransaction', 'StopTransaction') },
  { what: 'starts', query: `SELECT ${figures('start_wh')} FROM transaction`, promised: ofRegisters('StartTransaction') },
  {
    what: 'transaction numbers',
    query: `SELECT ${figures('number')} FROM transaction`,
    promised: (tally) => ({ rows: tally.kinds.StartTransaction.count, sum: tally.transactionNumbers }),
  },
  { what: 'ends', query: `SELECT ${figures('end_wh')} FROM transaction WHERE end_kind = 'reported'`, promised: ofRegisters('StopTransaction') },
  { what: 'messages in quarantine', query: `SELECT ${figures('id')} FROM quarantine`, promised: () => ({ rows: 0, sum: 0 }) },
];

/** Compares what was answered with what is stored; returns what differs. */
export async function differences(database: pg.Pool, tally: Tally): Promise<string[]> {
  const problems = difference('frames in the message log', figuresOf(await loggedIds(database, 'from-station')), ofIds()(tally));
  for (const { what, query, promised } of promises) {
    const { rows } = await database.query<Record<keyof Figures, string>>(query);
    const stored = { rows: Number(rows[0]!.rows), distinct: Number(rows[0]!.distinct), sum: Number(rows[0]!.sum) };
    problems.push(...difference(what, stored, promised(tally)));
  }
  return problems;
}

function difference(what: string, stored: Figures, wanted: { readonly rows: number; readonly sum: number }): string[] {
  if (stored.rows !== wanted.rows) return [`${what}: ${stored.rows} stored, ${wanted.rows} promised`];
  if (stored.distinct !== stored.rows) return [`${what}: ${stored.rows - stored.distinct} stored twice`];
  return stored.sum === wanted.sum ? [] : [`${what}: as many as promised, but not the same ones`];
}

function figuresOf(ids: readonly number[]): Figures {
  return { rows: ids.length, distinct: new Set(ids).size, sum: ids.reduce((sum, id) => sum + id, 0) };
}
