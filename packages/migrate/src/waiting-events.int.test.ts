import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openOlderDatabase, type OlderDatabase } from './older-database-fixture.js';

let database: OlderDatabase;

beforeAll(async () => {
  database = await openOlderDatabase('20261122210000');
});
afterAll(() => database.close());

test('events that wait while rows of the outbox come to hold several keep their ids, their times and what they say', async () => {
  const { client } = database;
  const odd = { tenant: 'a "b"', station: 'CP\\1\n\u00fc', body: { text: 'x\ny', nested: [1, null] } };
  const at = new Date('2026-03-01T12:00:00.123Z');
  const insert = 'INSERT INTO outbox (tenant, station, type, at, body) VALUES ($1, $2, $3, $4, $5::json)';
  await client.query(insert, [odd.tenant, odd.station, 'station.booted', at, JSON.stringify(odd.body, undefined, 2)]);
  await client.query(insert, ['acme', 'CP-2', 'station.connected', at, '{"epoch":1}']);
  const waiting = (await client.query<{ id: string }>('SELECT id FROM outbox ORDER BY id')).rows;

  await database.migrate();
  await client.query(`INSERT INTO outbox (count, events) VALUES (1, '{}'), (1, '{}')`);
  const { rows } = await client.query<{ id: string; at: Date; count: number; events: string }>('SELECT id, at, count, events FROM outbox ORDER BY id');
  expect(rows.slice(0, 2)).toEqual([
    { ...waiting[0], at, count: 1, events: expect.not.stringContaining('\n') },
    { ...waiting[1], at, count: 1, events: '{"tenant":"acme","station":"CP-2","type":"station.connected","body":{"epoch":1}}' },
  ]);
  expect(JSON.parse(rows[0]!.events)).toEqual({ tenant: odd.tenant, station: odd.station, type: 'station.booted', body: odd.body });
  // What is written from now on leaves room for the events of a row.
  const ids = rows.map(({ id }) => Number(id));
  expect([ids[2]! - ids[1]!, ids[3]! - ids[2]!]).toEqual([100, 100]);
});
