import { randomUUID } from 'node:crypto';
import pg from 'pg';
import type { MigrationFile } from './migration-files.js';
import { defaultMigrationsDir, readMigrations } from './migration-files.js';

export interface MigrateOptions {
  /** The folder with one folder per migration. Default: `prisma/migrations` of this checkout. */
  dir?: string;
  /** Told one line per thing done. */
  log?: (line: string) => void;
}

interface HistoryRow {
  migration_name: string;
  checksum: string;
  finished_at: Date | null;
  logs: string | null;
}

/** The key under which Prisma's own tools lock out each other; sharing it locks out them too. */
const advisoryLock = 72707369;

/** The table of Prisma's own tools, so that either can carry on where the other left off. */
const historyTable = `CREATE TABLE IF NOT EXISTS _prisma_migrations (
  id VARCHAR(36) PRIMARY KEY NOT NULL,
  checksum VARCHAR(64) NOT NULL,
  finished_at TIMESTAMPTZ,
  migration_name VARCHAR(255) NOT NULL,
  logs TEXT,
  rolled_back_at TIMESTAMPTZ,
  started_at TIMESTAMPTZ NOT NULL DEFAULT now(),
  applied_steps_count INTEGER NOT NULL DEFAULT 0
)`;

/**
 * Brings a database up to date, as `prisma migrate deploy` does: applies the migrations that it has not seen, in the order of their names, each file as one
 * transaction. Of several runs at once one works and the others wait.
 * Throws before it changes anything if a migration failed earlier or was changed after it was applied, and at the first file that fails.
 */
export async function migrate(databaseUrl: string, { dir = defaultMigrationsDir, log = () => {} }: MigrateOptions = {}): Promise<{ applied: string[] }> {
  const migrations = readMigrations(dir);
  return withLock(databaseUrl, log, async (client) => {
    await prepareHistory(client);
    const { rows } = await client.query<HistoryRow>(
      'SELECT migration_name, checksum, finished_at, logs FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY started_at',
    );
    const pending = findPending(migrations, rows, log);
    for (const migration of pending) {
      await apply(client, migration);
      log(`applied ${migration.name}`);
    }
    return { applied: pending.map(({ name }) => name) };
  });
}

/**
 * Notes that a failed migration left nothing behind, so that the next run tries it again: `prisma migrate resolve --rolled-back`.
 * Throws if no failed migration has that name.
 */
export async function markRolledBack(databaseUrl: string, name: string): Promise<void> {
  await withLock(databaseUrl, () => {}, async (client) => {
    const { rowCount } = await client.query(
      'UPDATE _prisma_migrations SET rolled_back_at = now() WHERE migration_name = $1 AND finished_at IS NULL AND rolled_back_at IS NULL',
      [name],
    );
    if (rowCount === 0) throw new Error(`No failed migration is called ${name}`);
  });
}

async function withLock<T>(databaseUrl: string, log: (line: string) => void, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: databaseUrl, application_name: 'ohmnibus-migrate' });
  // A connection that breaks also fails the query under way, which is where it is reported.
  client.on('error', () => {});
  await client.connect();
  try {
    const { rows } = await client.query<{ locked: boolean }>('SELECT pg_try_advisory_lock($1) AS locked', [advisoryLock]);
    if (!rows[0]?.locked) {
      log('another run is at work on this database: waiting for it');
      await client.query('SELECT pg_advisory_lock($1)', [advisoryLock]);
    }
    return await work(client);
  } finally {
    // The lock goes with the connection.
    await client.end();
  }
}

async function prepareHistory(client: pg.Client): Promise<void> {
  const { rows } = await client.query<{ name: string }>(
    "SELECT relname AS name FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ('r', 'p') LIMIT 1000",
  );
  const names = rows.map(({ name }) => name);
  if (names.includes('_prisma_migrations')) return;
  if (names.length > 0) throw new Error(`The database holds tables (such as ${names[0]}) but no history of migrations: give Ohmnibus a database of its own`);
  await client.query(historyTable);
}

function findPending(migrations: MigrationFile[], history: HistoryRow[], log: (line: string) => void): MigrationFile[] {
  for (const row of history) {
    const file = migrations.find(({ name }) => name === row.migration_name);
    if (row.finished_at === null) {
      throw new Error(
        `Migration ${row.migration_name} failed earlier: ${row.logs ?? 'the run was interrupted'}\n` +
          `A file is applied whole or not at all: remove the cause, then run ohmnibus-migrate --rolled-back ${row.migration_name}`,
      );
    }
    if (!file) log(`the database knows ${row.migration_name}, which is not in this version`);
    else if (file.checksum !== row.checksum) {
      throw new Error(`Migration ${file.name} was changed after it was applied: restore the file and put the change into a new migration`);
    }
  }
  const applied = new Set(history.map((row) => row.migration_name));
  return migrations.filter(({ name }) => !applied.has(name));
}

async function apply(client: pg.Client, { name, checksum, sql }: MigrationFile): Promise<void> {
  const id = randomUUID();
  await client.query('INSERT INTO _prisma_migrations (id, checksum, migration_name) VALUES ($1, $2, $3)', [id, checksum, name]);
  try {
    // Without parameters this is Postgres's simple protocol: all statements of the text are one transaction.
    await client.query(sql);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    // Without a connection the row stays as it is, which also says that the migration did not finish.
    await client.query('UPDATE _prisma_migrations SET logs = $2 WHERE id = $1', [id, reason]).catch(() => {});
    throw new Error(`Migration ${name} failed: ${reason}`, { cause: error });
  }
  await client.query('UPDATE _prisma_migrations SET finished_at = now(), applied_steps_count = 1 WHERE id = $1', [id]);
}
