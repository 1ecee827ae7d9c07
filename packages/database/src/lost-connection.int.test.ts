import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { openTestkit, type Testkit } from '@ohmnibus/testkit';
import { Database } from './database.js';

let kit: Testkit;

beforeAll(async () => {
  kit = await openTestkit({ services: ['postgres'], ownPostgres: true });
});
afterAll(() => kit.close());

test('a connection that is lost between two statements of a transaction fails the transaction as unavailable, not the process', async () => {
  const lost: string[] = [];
  const database = new Database({ url: kit.databaseUrl, name: 'lost', poolSize: 1, log: (event) => lost.push(event) });
  const work = database.transaction(async (run) => {
    await run({ name: 'one', text: 'SELECT 1' }, []);
    await kit.postgres!.crash();
    await run({ name: 'two', text: 'SELECT 2' }, []);
  });
  await expect(work).rejects.toMatchObject({ code: 'unavailable' });
  expect(lost).toContain('postgres-connection-lost');
  await kit.postgres!.start();
  await database.ping();
  await database.close();
});
