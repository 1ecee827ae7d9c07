import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openOlderDatabase, type OlderDatabase } from './older-database-fixture.js';

let database: OlderDatabase;

beforeAll(async () => {
  // Causes were not kept before this one.
  database = await openOlderDatabase('20261122160000');
});
afterAll(() => database.close());

test('ends that were inferred before their cause was kept have the only one that there was, all others have none', async () => {
  const { client } = database;
  const insert = `INSERT INTO transaction (tenant, station, key, wire_id, protocol, started_at, ended_at, end_kind, end_inferred_at) VALUES ('acme', 'CP-1', $1, $1, 'v16', now(), $2, $3, $4)`;
  const at = new Date('2026-03-01T12:00:00Z');
  await client.query(insert, ['inferred', at, 'inferred', at]);
  await client.query(insert, ['inferred, then reported', at, 'reported', at]);
  await client.query(insert, ['reported', at, 'reported', null]);
  await client.query(insert, ['open', null, null, null]);
  await database.migrate();
  const { rows } = await client.query<{ key: string; end_cause: string | null }>('SELECT key, end_cause FROM transaction ORDER BY number');
  expect(rows.map(({ key, end_cause }) => [key, end_cause])).toEqual([
    ['inferred', 'newer-start'],
    ['inferred, then reported', 'newer-start'],
    ['reported', null],
    ['open', null],
  ]);
});
