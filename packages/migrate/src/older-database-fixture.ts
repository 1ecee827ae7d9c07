import { startPostgres } from '@ohmnibus/backing';
import { chmodSync, cpSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrate } from './migrate.js';
import { defaultMigrationsDir } from './migration-files.js';

/** A database as an older version had it, which a test fills and then migrates. */
export interface OlderDatabase {
  readonly client: pg.Client;
  /** Does what has come since. */
  migrate(): Promise<void>;
  close(): Promise<void>;
}

/** @param migration the name of the first migration, or its beginning, that the database has not seen */
export async function openOlderDatabase(migration: string): Promise<OlderDatabase> {
  const home = mkdtempSync(join(tmpdir(), 'ohmnibus-older-database-'));
  chmodSync(home, 0o711);
  const postgres = await startPostgres({ dataDir: join(home, 'postgres'), fsync: false });
  const client = new pg.Client(postgres.url);
  await client.connect();
  const before = join(home, 'before');
  const older = readdirSync(defaultMigrationsDir).filter((name) => name < migration);
  for (const name of older) cpSync(join(defaultMigrationsDir, name), join(before, name), { recursive: true });
  await migrate(postgres.url, { dir: before });
  return {
    client,
    async migrate() {
      await migrate(postgres.url);
    },
    async close() {
      await client.end();
      await postgres.stop();
      rmSync(home, { recursive: true, force: true });
    },
  };
}
