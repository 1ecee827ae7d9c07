import type { Queryable } from './stored.js';

/** What no database of ours may ever hold: for each rule a query that finds the rows that break it. */
const rules: readonly (readonly [rule: string, query: string])[] = [
  [
    'a transaction has a positive number of its own',
    `SELECT number, count(*) FROM transaction GROUP BY number HAVING count(*) > 1 OR number <= 0`,
  ],
  [
    'a station names each of its transactions once',
    `SELECT tenant, station, key, array_agg(number) AS numbers FROM transaction GROUP BY tenant, station, key HAVING count(*) > 1`,
  ],
  [
    // But for those that are flagged: a clock that stands still gives two charges one start.
    'one start is one transaction',
    `SELECT tenant, station, evse, started_at, array_agg(number) AS numbers FROM transaction
     WHERE started_at IS NOT NULL AND NOT 'repeated-key' = ANY (flags)
     GROUP BY tenant, station, evse, started_at, start_wh, token_key HAVING count(*) > 1`,
  ],
  [
    'an event is stored once',
    `SELECT tenant, station, key, sequence FROM transaction_event GROUP BY tenant, station, key, sequence HAVING count(*) > 1`,
  ],
  [
    'a reading is stored once, in one transaction or outside all of them',
    `SELECT tenant, station, evse, at, array_agg(transaction) AS transactions FROM sample
     GROUP BY tenant, station, evse, at, samples HAVING count(*) > 1`,
  ],
  [
    'the transaction of a reading is there, and is the same station\'s and EVSE\'s',
    `SELECT s.station, s.at, s.evse, s.transaction FROM sample s LEFT JOIN transaction t ON t.number = s.transaction
     WHERE s.transaction <> 0 AND (t.number IS NULL OR t.tenant <> s.tenant OR t.station <> s.station OR s.evse NOT IN (0, coalesce(t.evse, 0)))`,
  ],
  [
    'the transaction of an event is there',
    `SELECT e.station, e.key, e.sequence FROM transaction_event e
     WHERE NOT EXISTS (SELECT FROM transaction t WHERE t.tenant = e.tenant AND t.station = e.station AND t.key = e.key)`,
  ],
  [
    'a transaction knows its last event, and has ended if one of them ends it',
    `SELECT t.station, t.number, t.last_sequence FROM transaction t
     JOIN (SELECT tenant, station, key, max(sequence) AS last, bool_or(kind = 'ended') AS ended FROM transaction_event GROUP BY 1, 2, 3) e
       ON e.tenant = t.tenant AND e.station = t.station AND e.key = t.key
     WHERE t.last_sequence IS DISTINCT FROM e.last OR e.ended AND t.end_kind IS DISTINCT FROM 'reported'`,
  ],
  [
    'a transaction that has ended says how',
    `SELECT station, number, ended_at, end_kind FROM transaction WHERE (ended_at IS NULL) <> (end_kind IS NULL)`,
  ],
];

/** A line for every rule that is broken, with the rows that break it. */
export async function contradictions(database: Queryable): Promise<string[]> {
  const broken: string[] = [];
  for (const [rule, query] of rules) {
    const { rows } = await database.query(query);
    if (rows.length > 0) broken.push(`broken: ${rule}: ${JSON.stringify(rows.slice(0, 5))}`);
  }
  return broken;
}
