import { join } from 'node:path';
import { startPostgres } from '@ohmnibus/backing';
import { sweepTemporaryFolders, temporaryFolder } from './temporary-folder.js';

/** The Postgres that all test files of one jest run share. */
export async function startRunPostgres(): Promise<{ url: string; stop(): Promise<void> }> {
  await sweepTemporaryFolders();
  const folder = await temporaryFolder();
  const server = await startPostgres({ dataDir: join(folder.path, 'postgres'), fsync: false });
  folder.claim.add(server.pid);
  return {
    url: server.url,
    async stop() {
      await server.stop();
      folder.remove();
    },
  };
}

/** The address of the run's Postgres: TEST_DATABASE_URL, else what jest's global set-up starts when it is first asked. */
export async function runPostgresUrl(): Promise<string> {
  const { TEST_DATABASE_URL: own, TEST_POSTGRES_BROKER: broker } = process.env;
  if (own) return own;
  if (!broker) throw new Error('No Postgres to test with: run the test through "npm run jest", or set TEST_DATABASE_URL');
  const response = await fetch(broker);
  const text = await response.text();
  if (!response.ok) throw new Error(`The Postgres of this test run did not start: ${text}`);
  return text;
}
