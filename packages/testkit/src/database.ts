import { randomBytes } from 'node:crypto';
import { migrate, migrationsChecksum } from '@ohmnibus/migrate';
import pg from 'pg';

/** A database of one's own on a server that others use too. */
export interface TestDatabase {
  url: string;
  /** Cuts whoever is still connected. */
  drop(): Promise<void>;
}

/** Any number; it only has to be the same in every test file. */
const templateLock = 42420001;

/** A freshly migrated database, copied from a template that is migrated once and made anew when a migration changes. */
export async function createTestDatabase(serverUrl: string): Promise<TestDatabase> {
  const name = `test_${randomBytes(6).toString('hex')}`;
  await asAdmin(serverUrl, async (admin) => {
    await admin.query('SELECT pg_advisory_lock($1)', [templateLock]);
    const template = await ensureTemplate(admin, serverUrl);
    await admin.query(`CREATE DATABASE ${name} TEMPLATE ${template}`);
  });
  return { url: databaseUrl(serverUrl, name), drop: () => dropDatabase(serverUrl, name) };
}

async function ensureTemplate(admin: pg.Client, serverUrl: string): Promise<string> {
  const name = `ohmnibus_template_${migrationsChecksum().slice(0, 16)}`;
  const { rows } = await admin.query<{ datname: string }>("SELECT datname FROM pg_database WHERE datname LIKE 'ohmnibus\\_template\\_%'");
  if (rows.some(({ datname }) => datname === name)) return name;
  for (const { datname } of rows) await admin.query(`DROP DATABASE ${datname} WITH (FORCE)`);
  // It gets its name once it is complete: an interrupted run must not leave half a template behind.
  const unfinished = 'ohmnibus_template_unfinished';
  await admin.query(`CREATE DATABASE ${unfinished}`);
  await migrate(databaseUrl(serverUrl, unfinished));
  await admin.query(`ALTER DATABASE ${unfinished} RENAME TO ${name}`);
  await admin.query(`ALTER DATABASE ${name} ALLOW_CONNECTIONS false`);
  return name;
}

function dropDatabase(serverUrl: string, name: string): Promise<void> {
  return asAdmin(serverUrl, async (admin) => void (await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)));
}

async function asAdmin(serverUrl: string, work: (admin: pg.Client) => Promise<void>): Promise<void> {
  const admin = new pg.Client(serverUrl);
  await admin.connect();
  try {
    await work(admin);
  } finally {
    await admin.end();
  }
}

function databaseUrl(serverUrl: string, name: string): string {
  const url = new URL(serverUrl);
  url.pathname = `/${name}`;
  return url.href;
}
