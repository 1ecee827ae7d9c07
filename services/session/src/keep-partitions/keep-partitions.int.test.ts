import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Database } from '@ohmnibus/database';
import { openTestkit, type Testkit } from '@ohmnibus/testkit';
import { silent } from '../session-fixture.js';
import { KeepPartitions, type PartitionedTable } from './keep-partitions.js';

let kit: Testkit;
let database: Database;

beforeAll(async () => {
  kit = await openTestkit({ services: ['postgres'] });
  database = new Database({ url: kit.databaseUrl, name: 'partitions' });
});
afterAll(async () => {
  await database.close();
  await kit.close();
});

let statements = 0;
const sql = <Row extends unknown[]>(text: string) => database.run<Row>({ name: `test-${++statements}`, text }, []);
const partitions = async (table: string) => (await sql<[string]>(`SELECT relname::text FROM pg_inherits JOIN pg_class ON oid = inhrelid WHERE inhparent = '${table}'::regclass ORDER BY 1`)).map(([name]) => name);
const dayName = (table: string, days: number) => `${table}_${new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10).replaceAll('-', '')}`;
async function oldPartition(table: string, days: number): Promise<string> {
  const name = dayName(table, -days);
  const day = new Date(Date.now() - days * 86_400_000).toISOString().slice(0, 10);
  await sql(`CREATE TABLE ${name} PARTITION OF ${table} FOR VALUES FROM ('${day} 00:00+00') TO ('${day} 24:00+00')`);
  return name;
}
const keep = (...tables: PartitionedTable[]) => new KeepPartitions(database, tables, silent);

// Where the migrations ran yesterday, the last of the days ahead is not there yet.
test('the days ahead get their partitions, and those that are too old go', async () => {
  await sql(`DROP TABLE IF EXISTS ${dayName('message_log', 7)}`);
  const [old, kept] = [await oldPartition('message_log', 31), await oldPartition('message_log', 30)];
  await keep({ table: 'message_log', keepDays: 30 }).run();
  const names = await partitions('message_log');
  expect(names).toContain(dayName('message_log', 7));
  expect(names).toContain(kept);
  expect(names).not.toContain(old);
});

test('zero days are for ever', async () => {
  const old = await oldPartition('sample', 4000);
  await keep({ table: 'sample', keepDays: 0 }).run();
  expect(await partitions('sample')).toContain(old);
});

test('many processes that do it at once do not disturb each other', async () => {
  await sql(`DROP TABLE IF EXISTS ${dayName('status_report', 6)}, ${dayName('status_report', 7)}`);
  const old = await oldPartition('status_report', 400);
  const others = Array.from({ length: 4 }, () => new Database({ url: kit.databaseUrl, name: 'other', poolSize: 2 }));
  await Promise.all(others.map((other) => new KeepPartitions(other, [{ table: 'status_report', keepDays: 365 }], silent).run()));
  await Promise.all(others.map((other) => other.close()));
  // Each passes by what another is at: the next round finds nobody at anything.
  await keep({ table: 'status_report', keepDays: 365 }).run();
  const names = await partitions('status_report');
  expect(names).toEqual(expect.arrayContaining([dayName('status_report', 6), dayName('status_report', 7)]));
  expect(names).not.toContain(old);
});

test('a table that is in use is not waited for long, and a later round makes up for it', async () => {
  await sql(`DROP TABLE IF EXISTS ${dayName('message_log', 7)}`);
  const upkeep = keep({ table: 'message_log', keepDays: 30 });
  await database.transaction(async (run) => {
    await run({ name: 'hold', text: 'LOCK TABLE message_log IN ROW EXCLUSIVE MODE' }, []);
    await expect(upkeep.run()).rejects.toMatchObject({ code: 'unavailable', details: { sqlState: '55P03' } });
  });
  await upkeep.run();
  expect(await partitions('message_log')).toContain(dayName('message_log', 7));
});

const sampleOf = (station: string, at: string, receivedAt: string) =>
  sql(`INSERT INTO sample (tenant, station, at, evse, transaction, digest, received_at, samples) VALUES ('acme', '${station}', ${at}, 1, 0, 1, ${receivedAt}, '[]')`);
const heldBy = async (station: string) => (await sql<[string]>(`SELECT tableoid::regclass::text FROM sample WHERE station = '${station}'`)).map(([name]) => name);

test('a day that a station with a fast clock has reached before gets its partition, and the rows of the day move there', async () => {
  await sql(`DROP TABLE IF EXISTS ${dayName('sample', 6)}, ${dayName('sample', 7)}`);
  const of = (days: number) => `date_trunc('day', now() AT TIME ZONE 'UTC') AT TIME ZONE 'UTC' + interval '${days} days 12 hours'`;
  await sampleOf('fast', of(7), 'now()');
  await sampleOf('faster', of(40), 'now()');
  expect([await heldBy('fast'), await heldBy('faster')]).toEqual([['sample_other'], ['sample_other']]);
  await keep({ table: 'sample', keepDays: 0 }).run();
  expect(await partitions('sample')).toEqual(expect.arrayContaining([dayName('sample', 6), dayName('sample', 7)]));
  expect([await heldBy('fast'), await heldBy('faster')]).toEqual([[dayName('sample', 7)], ['sample_other']]);
  // What was sent is still told from its repetitions.
  await expect(sampleOf('fast', of(7), 'now()')).rejects.toMatchObject({ details: { sqlState: '23505' } });
});

test('rows of stations whose clock stands still are kept as long as others, by the day on which they came', async () => {
  await sampleOf('dead', `'1970-01-01'`, `now() - interval '9 days'`);
  await sampleOf('dead-lately', `'1970-01-01'`, `now() - interval '2 days'`);
  await keep({ table: 'sample', keepDays: 0 }).run();
  expect([await heldBy('dead'), await heldBy('dead-lately')]).toEqual([['sample_other'], ['sample_other']]);
  await keep({ table: 'sample', keepDays: 7 }).run();
  expect([await heldBy('dead'), await heldBy('dead-lately')]).toEqual([[], ['sample_other']]);
});

test('a table that cannot be had keeps no other from its partitions', async () => {
  await sql(`DROP TABLE IF EXISTS ${dayName('sample', 7)}, ${dayName('message_log', 7)}`);
  const upkeep = keep({ table: 'sample', keepDays: 0 }, { table: 'message_log', keepDays: 30 });
  await database.transaction(async (run) => {
    await run({ name: 'hold-samples', text: 'LOCK TABLE sample IN ROW EXCLUSIVE MODE' }, []);
    await expect(upkeep.run()).rejects.toMatchObject({ code: 'unavailable' });
  });
  expect(await partitions('sample')).not.toContain(dayName('sample', 7));
  expect(await partitions('message_log')).toContain(dayName('message_log', 7));
});
