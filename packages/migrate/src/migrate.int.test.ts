import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Server } from '@ohmnibus/backing';
import { startPostgres } from '@ohmnibus/backing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import { markRolledBack, migrate } from './migrate.js';
import { migrationsChecksum } from './migration-files.js';

let home: string;
let postgres: Server;
let url: string;
let dir: string;
let count = 0;

beforeAll(async () => {
  home = mkdtempSync(join(tmpdir(), 'ohmnibus-migrate-'));
  chmodSync(home, 0o711);
  postgres = await startPostgres({ dataDir: join(home, 'postgres'), fsync: false });
});
afterAll(async () => {
  await postgres?.stop();
  rmSync(home, { recursive: true, force: true });
});
beforeEach(async () => {
  const name = `case_${++count}`;
  await query(postgres.url, `CREATE DATABASE ${name}`);
  url = postgres.url.replace(/[^/]+$/, name);
  dir = join(home, name);
  mkdirSync(dir);
  writeFileSync(join(dir, 'migration_lock.toml'), 'provider = "postgresql"\n');
});

const write = (name: string, sql: string) => {
  mkdirSync(join(dir, name), { recursive: true });
  writeFileSync(join(dir, name, 'migration.sql'), sql);
};
const query = async (target: string, text: string) => {
  const client = new pg.Client(target);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
};
const tables = async () => (await query(url, "SELECT tablename FROM pg_tables WHERE schemaname = 'public' ORDER BY 1")).map((row) => row.tablename);

describe('migrate', () => {
  test('applies what is new in the order of names and keeps the history that Prisma keeps', async () => {
    write('0002_second', 'ALTER TABLE things ADD COLUMN colour text;');
    write('0001_first', `CREATE TABLE things (id int);\nDO $$ BEGIN INSERT INTO things VALUES (1); END $$;\nINSERT INTO things SELECT 2 WHERE ';' = ';';`);
    expect(await migrate(url, { dir })).toEqual({ applied: ['0001_first', '0002_second'] });
    expect(await migrate(url, { dir })).toEqual({ applied: [] });
    write('0003_third', 'INSERT INTO things VALUES (3);');
    expect(await migrate(url, { dir })).toEqual({ applied: ['0003_third'] });
    expect(await query(url, 'SELECT id FROM things ORDER BY id')).toEqual([{ id: 1 }, { id: 2 }, { id: 3 }]);
    expect(
      await query(url, 'SELECT migration_name, applied_steps_count, checksum FROM _prisma_migrations WHERE finished_at IS NOT NULL ORDER BY started_at LIMIT 2'),
    ).toEqual([
      expect.objectContaining({ migration_name: '0001_first', applied_steps_count: 1 }),
      // printf 'ALTER TABLE things ADD COLUMN colour text;' | sha256sum
      { migration_name: '0002_second', applied_steps_count: 1, checksum: 'b997dbd5b7a748ee6b617872c284961099ad26917415b36b2b5cc62ee7fed5b5' },
    ]);
  });

  test('keeps nothing of a file that fails, refuses to go on, and tries again once it is marked as rolled back', async () => {
    write('0001_broken', 'CREATE TABLE half (id int); SELECT 1/0;');
    await expect(migrate(url, { dir })).rejects.toThrow('Migration 0001_broken failed: division by zero');
    expect(await tables()).toEqual(['_prisma_migrations']);
    write('0001_broken', 'CREATE TABLE whole (id int);');
    await expect(migrate(url, { dir })).rejects.toThrow('0001_broken failed earlier: division by zero');
    await markRolledBack(url, '0001_broken');
    expect(await migrate(url, { dir })).toEqual({ applied: ['0001_broken'] });
    expect(await tables()).toEqual(['_prisma_migrations', 'whole']);
    await expect(markRolledBack(url, '0001_broken')).rejects.toThrow('No failed migration is called 0001_broken');
  });

  test('refuses a migration that was changed after it was applied', async () => {
    write('0001_first', 'CREATE TABLE things (id int);');
    await migrate(url, { dir });
    write('0001_first', 'CREATE TABLE things (id bigint);');
    write('0002_second', 'CREATE TABLE more (id int);');
    await expect(migrate(url, { dir })).rejects.toThrow('0001_first was changed after it was applied');
    expect(await tables()).toEqual(['_prisma_migrations', 'things']);
  });

  test('applies everything once when several runs start together', async () => {
    write('0001_first', 'CREATE TABLE things (id int); SELECT pg_sleep(1);');
    const lines: string[] = [];
    const runs = await Promise.all([1, 2, 3].map(() => migrate(url, { dir, log: (line) => lines.push(line) })));
    expect(runs.flatMap(({ applied }) => applied)).toEqual(['0001_first']);
    expect(lines).toContain('another run is at work on this database: waiting for it');
  });

  test('accepts a database that is ahead of this version, and says so', async () => {
    write('0001_first', 'CREATE TABLE things (id int);');
    write('0002_newer', 'CREATE TABLE more (id int);');
    await migrate(url, { dir });
    rmSync(join(dir, '0002_newer'), { recursive: true });
    const lines: string[] = [];
    expect(await migrate(url, { dir, log: (line) => lines.push(line) })).toEqual({ applied: [] });
    expect(lines).toEqual(['the database knows 0002_newer, which is not in this version']);
  });

  test('refuses a database that holds the tables of something else', async () => {
    await query(url, 'CREATE TABLE theirs (id int)');
    await expect(migrate(url, { dir })).rejects.toThrow('such as theirs');
    expect(await tables()).toEqual(['theirs']);
  });

  test('names a migration without a file, and a folder that is not there', async () => {
    mkdirSync(join(dir, '0001_empty'));
    await expect(migrate(url, { dir })).rejects.toThrow('Migration 0001_empty has no migration.sql');
    await expect(migrate(url, { dir: join(dir, 'nowhere') })).rejects.toThrow('no folder of migrations');
  });

  test('gives the folder one checksum that changes with any file', () => {
    write('0001_first', 'SELECT 1;');
    const before = migrationsChecksum(dir);
    expect(migrationsChecksum(dir)).toBe(before);
    write('0001_first', 'SELECT 2;');
    expect(migrationsChecksum(dir)).not.toBe(before);
  });
});
