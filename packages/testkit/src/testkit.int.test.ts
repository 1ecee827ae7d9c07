import { afterEach, describe, expect, test } from '@jest/globals';
import { processIdentity } from '@ohmnibus/backing';
import { Redis } from 'ioredis';
import { connect } from 'nats';
import pg from 'pg';
import { eventually } from './eventually.js';
import type { Testkit, TestkitOptions } from './testkit.js';
import { openTestkit } from './testkit.js';

const open: Testkit[] = [];
const kit = async (options?: TestkitOptions) => {
  const opened = await openTestkit(options);
  open.push(opened);
  return opened;
};
afterEach(async () => {
  await Promise.all(open.splice(0).map((opened) => opened.close()));
});
const query = async (url: string, text: string) => {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
};

describe('the testkit', () => {
  test('gives each caller services that nobody else sees', async () => {
    const [first, second] = await Promise.all([kit(), kit()]);
    expect(await query(first.databaseUrl, 'SELECT count(*)::int AS n FROM _prisma_migrations WHERE finished_at IS NULL')).toEqual([{ n: 0 }]);
    await query(first.databaseUrl, 'CREATE TABLE mine (id int)');
    await query(second.databaseUrl, 'CREATE TABLE mine (id int)');

    const [redis, otherRedis] = [new Redis(first.redisUrl), new Redis(second.redisUrl)];
    await redis.set('mine', '1');
    expect(await otherRedis.get('mine')).toBeNull();
    redis.disconnect();
    otherRedis.disconnect();

    const [nats, otherNats] = await Promise.all([connect({ servers: first.natsUrl }), connect({ servers: second.natsUrl })]);
    const heard: string[] = [];
    for (const [name, client] of Object.entries({ nats, otherNats })) client.subscribe('greeting', { callback: () => heard.push(name) });
    await Promise.all([nats.flush(), otherNats.flush()]);
    nats.publish('greeting');
    await Promise.all([nats.flush(), otherNats.flush()]);
    expect(heard).toEqual(['nats']);
    await Promise.all([nats.close(), otherNats.close()]);
  });

  test('leaves nothing behind', async () => {
    const opened = await openTestkit();
    const admin = opened.databaseUrl.replace(/[^/]+$/, 'postgres');
    const name = opened.databaseUrl.split('/').at(-1);
    const pids = [opened.nats?.pid ?? 0, opened.redis?.pid ?? 0];
    await opened.close();
    expect(await query(admin, `SELECT datname FROM pg_database WHERE datname = '${name}'`)).toEqual([]);
    expect(pids.map((pid) => processIdentity(pid))).toEqual([undefined, undefined]);
  });

  test('takes NATS away and gives it back with what JetStream stored', async () => {
    const { nats, natsUrl } = await kit({ services: ['nats'] });
    const before = await connect({ servers: natsUrl });
    await (await before.jetstreamManager()).streams.add({ name: 'FACTS', subjects: ['facts.>'] });
    await before.jetstream().publish('facts.one');
    const closed = before.close();
    await nats?.crash();
    await closed;
    await nats?.start();
    const after = await connect({ servers: natsUrl });
    expect((await (await after.jetstreamManager()).streams.info('FACTS')).state.messages).toBe(1);
    await after.close();
  });

  test('takes Redis and a Postgres of its own away and gives them back', async () => {
    const opened = await kit({ services: ['postgres', 'redis'], ownPostgres: true });
    await query(opened.databaseUrl, 'CREATE TABLE kept AS SELECT 5 AS n');
    const redis = new Redis(opened.redisUrl, { retryStrategy: () => 50 });
    redis.on('error', () => {});
    await redis.set('kept', '5');
    await Promise.all([opened.postgres?.stop(), opened.redis?.stop()]);
    await expect(query(opened.databaseUrl, 'SELECT 1')).rejects.toThrow('ECONNREFUSED');
    await Promise.all([opened.postgres?.start(), opened.redis?.start()]);
    expect(await query(opened.databaseUrl, 'SELECT n FROM kept')).toEqual([{ n: 5 }]);
    expect(await redis.get('kept')).toBe('5');
    redis.disconnect();
  });

  test('freezes a server and lets it go on', async () => {
    const { redis, redisUrl } = await kit({ services: ['redis'] });
    const client = new Redis(redisUrl);
    await client.ping();
    redis?.pause();
    let answered = false;
    const pong = client.ping().then(() => (answered = true));
    await expect(eventually('an answer of a frozen server', () => answered, { timeoutMs: 200 })).rejects.toThrow('Not within 200 ms');
    redis?.resume();
    await pong;
    client.disconnect();
  });
});
