import { startPostgres, type Server } from '@ohmnibus/backing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { chmodSync, cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from './migrate.js';
import { defaultMigrationsDir } from './migration-files.js';

let home: string;
let postgres: Server;
let client: pg.Client;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'ohmnibus-waiting-events-'));
  chmodSync(home, 0o711);
  postgres = await startPostgres({ dataDir: join(home, 'postgres'), fsync: false });
  client = new pg.Client(postgres.url);
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await postgres.stop();
  rmSync(home, { recursive: true, force: true });
});

test('events that wait while rows of the outbox come to hold several keep their ids, their times and what they say', async () => {
  const before = join(home, 'before');
  const older = readdirSync(defaultMigrationsDir).filter((name) => name < '20261122210000');
  for (const name of older) cpSync(join(defaultMigrationsDir, name), join(before, name), { recursive: true });
  await migrate(postgres.url, { dir: before });
  const odd = { tenant: 'a "b"', station: 'CP\\1\n\u00fc', body: { text: 'x\ny', nested: [1, null] } };
  const at = new Date('2026-03-01T12:00:00.123Z');
  const insert = 'INSERT INTO outbox (tenant, station, type, at, body) VALUES ($1, $2, $3, $4, $5::json)';
  await client.query(insert, [odd.tenant, odd.station, 'station.booted', at, JSON.stringify(odd.body, undefined, 2)]);
  await client.query(insert, ['acme', 'CP-2', 'station.connected', at, '{"epoch":1}']);
  const waiting = (await client.query<{ id: string }>('SELECT id FROM outbox ORDER BY id')).rows;

  await migrate(postgres.url);
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
