import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { despiteTakenPorts, eventually, freePort, openTestkit, spawnService, serviceStarted, type Testkit } from '@ohmnibus/testkit';
import { Asker, frameOf } from './session-fixture.js';

const script = fileURLToPath(new URL('../dist/main.js', import.meta.url));
let kit: Testkit;
let asker: Asker;

beforeAll(async () => {
  kit = await openTestkit({ ownPostgres: true });
  asker = await Asker.open(kit);
});
afterAll(async () => {
  await asker.close();
  await kit.close();
});

function spawnSession() {
  return despiteTakenPorts(async () => {
    const port = await freePort();
    const env = { NATS_URL: kit.natsUrl, REDIS_URL: kit.redisUrl, DATABASE_URL: kit.databaseUrl, ADMISSION_SECRET: 'a secret of the tests', ADMIN_PORT: String(port) };
    return spawnService('session', { script, env, ready: `http://127.0.0.1:${port}/health/ready`, says: serviceStarted });
  });
}

test('a process without its settings says what is missing and ends', async () => {
  await expect(spawnService('session', { script, env: { NATS_URL: '', DATABASE_URL: 'mysql://x' }, ready: 'http://127.0.0.1:1/' })).rejects.toThrow(
    /code 78[^]*NATS_URL is missing[^]*DATABASE_URL is not valid[^]*ADMISSION_SECRET is missing/,
  );
});

test('a process answers what it has begun before it ends on SIGTERM', async () => {
  await asker.make('busy');
  const session = await spawnSession();
  const begun = await asker.database.transaction(async (run) => {
    await run({ name: 'hold', text: 'LOCK TABLE status_report IN EXCLUSIVE MODE' }, []);
    const answers = Array.from({ length: 50 }, (_, i) => asker.call(frameOf('busy', 1, i + 1), 'StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Available' }));
    const waiting = () => asker.database.prisma.$queryRaw<unknown[]>`SELECT 1 FROM pg_locks WHERE NOT granted AND relation = 'status_report'::regclass`;
    await eventually('the commit waits', async () => (await waiting()).length > 0);
    session.kill('SIGTERM');
    await eventually('the process is stopping', () => session.lines.some((line) => line.includes('"stopping"')));
    return answers;
  });
  expect(await Promise.all(begun)).toEqual(begun.map(() => ({ kind: 'result', payload: '{}' })));
  expect(await session.exited).toMatchObject({ code: 0 });
  expect(await asker.database.prisma.statusReport.count({ where: { station: 'busy' } })).toBe(50);
});

test('without Postgres a fact is no answer but a passing fault, and with it again it is stored', async () => {
  await asker.make('patient');
  const session = await spawnSession();
  const status = () => asker.call(frameOf('patient', 1, 1), 'StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Available' });
  await kit.postgres!.stop();
  try {
    expect(await status()).toMatchObject({ kind: 'error', code: 'InternalError' });
    await expect(asker.admit('patient')).rejects.toMatchObject({ code: 'unavailable' });
    expect(await asker.call(frameOf('patient', 1, 2), 'Heartbeat', {})).toMatchObject({ kind: 'result' });
  } finally {
    await kit.postgres!.start();
  }
  expect(await status()).toEqual({ kind: 'result', payload: '{}' });
  expect(await asker.admit('patient')).toMatchObject({ verdict: 'admitted' });
  await session.stop();
});
