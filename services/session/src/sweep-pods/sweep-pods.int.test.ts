import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Database } from '@ohmnibus/database';
import { Presence } from '@ohmnibus/presence';
import { eventually, openTestkit, waitingEvents, type Testkit } from '@ohmnibus/testkit';
import { Asker, connection, recordConnections, silent, startedSession } from '../session-fixture.js';
import { PodStore } from './pod-store.js';
import { RedisLosses } from './redis-losses.js';
import { SweepPods } from './sweep-pods.js';

let kit: Testkit;
let asker: Asker;
let other: Database;
let presence: Presence;
let now = Date.UTC(2026, 2, 1, 13);
const clock = { now: () => new Date(now) };
const restMs = 45_000;

beforeAll(async () => {
  kit = await openTestkit();
  asker = await Asker.open(kit);
  other = new Database({ url: kit.databaseUrl, name: 'other' });
  presence = await Presence.connect({ url: kit.redisUrl });
});
beforeEach(async () => {
  await asker.database.prisma.station.deleteMany();
  await asker.database.prisma.outbox.deleteMany();
  await asker.database.prisma.gatewayPod.deleteMany();
});
afterAll(async () => {
  await Promise.all([asker.close(), other.close(), presence.close()]);
  await kit.close();
});

/** A sweeper that has rested enough. */
function rested(database = asker.database, alive = (pods: string[]) => presence.alivePods(pods), batchRows = 500): SweepPods {
  const sweeper = new SweepPods(new PodStore(database), alive, new RedisLosses(clock), clock, silent, { restMs, batchRows });
  now += restMs;
  return sweeper;
}

async function connected(pod: string, ...stations: string[]): Promise<void> {
  await asker.make(...stations);
  await recordConnections(asker.database, stations.map((station) => ({ ...connection('connected', station, 5), pod })));
}

const online = async () => (await asker.database.prisma.station.findMany({ where: { online: true }, orderBy: { id: 'asc' } })).map(({ id }) => id);

describe('the sweeper', () => {
  test('takes the stations of a pod offline that is gone at two looks in a row, with their events', async () => {
    await connected('dead', 'a', 'b');
    await connected('alive', 'c');
    await presence.refreshLiveness('alive', 60_000);
    const sweeper = rested();
    expect(await sweeper.look()).toBe(0);
    expect(await online()).toEqual(['a', 'b', 'c']);
    expect(await sweeper.look()).toBe(2);
    expect(await online()).toEqual(['c']);
    expect(await asker.station('a')).toMatchObject({ online: false, epoch: 5n, pod: null, disconnectedAt: clock.now() });
    expect((await asker.events('a')).at(-1)).toMatchObject({ type: 'station.disconnected', body: { epoch: 5, pod: 'dead', reason: 'gateway gone' } });
    expect(await sweeper.look()).toBe(0);
    expect(await asker.events('a')).toHaveLength(2);
  });

  test('spares a pod that shows itself between two looks', async () => {
    await connected('slow', 'a');
    const sweeper = rested();
    await sweeper.look();
    await presence.refreshLiveness('slow', 60_000);
    await sweeper.look();
    await presence.endLiveness('slow');
    expect(await sweeper.look()).toBe(0);
    expect(await online()).toEqual(['a']);
    expect(await sweeper.look()).toBe(1);
  });

  test('spares a station that has connected to another pod', async () => {
    await connected('dead-2', 'a', 'b');
    const sweeper = rested();
    await sweeper.look();
    await recordConnections(asker.database, [{ ...connection('connected', 'a', 6), pod: 'alive' }]);
    await presence.refreshLiveness('alive', 60_000);
    expect(await sweeper.look()).toBe(1);
    expect(await online()).toEqual(['a']);
  });

  test('changes nothing that the end of the connection would not, so a late report of it is no news', async () => {
    await connected('dead-3', 'a');
    const sweeper = rested();
    await sweeper.look();
    await sweeper.look();
    await recordConnections(asker.database, [connection('disconnected', 'a', 5), connection('connected', 'a', 5)]);
    expect(await online()).toEqual([]);
    expect(await asker.events('a')).toHaveLength(2);
  });

  test('rests when it has just begun, and after Redis could not be asked, and looks twice again after that', async () => {
    await connected('dead-4', 'a');
    const fresh = new SweepPods(new PodStore(asker.database), () => Promise.resolve(new Set()), new RedisLosses(clock), clock, silent, { restMs });
    expect(await fresh.look()).toBe(0);
    expect(await fresh.look()).toBe(0);
    let fails = false;
    const sweeper = rested(asker.database, (pods) => (fails ? Promise.reject(new Error('Redis is away')) : presence.alivePods(pods)));
    await sweeper.look();
    fails = true;
    expect(await sweeper.look()).toBe(0);
    fails = false;
    now += restMs - 1;
    expect(await sweeper.look()).toBe(0);
    now += 1;
    expect(await sweeper.look()).toBe(0);
    expect(await online()).toEqual(['a']);
    expect(await sweeper.look()).toBe(1);
  });

  test('goes on in batches until a pod has no station left, and shares the work with other processes', async () => {
    const stations = Array.from({ length: 50 }, (_, i) => `many-${i}`);
    await connected('dead-5', ...stations);
    const sweepers = [rested(asker.database, undefined, 7), rested(other, undefined, 7)];
    await Promise.all(sweepers.map((sweeper) => sweeper.look()));
    const swept = await Promise.all(sweepers.map((sweeper) => sweeper.look()));
    expect(swept[0]! + swept[1]!).toBe(50);
    expect(await online()).toEqual([]);
    expect(await waitingEvents(asker.database, { type: 'station.disconnected' })).toHaveLength(50);
  });

  test('knows every pod by name, and forgets one that is long gone when no station names it', async () => {
    for (const pod of ['p1', 'p3', 'p2']) await connected(pod, `${pod}-a`, `${pod}-b`);
    await asker.make('never-seen');
    const store = new PodStore(asker.database);
    expect(await store.pods()).toEqual(['p1', 'p2', 'p3']);
    await store.forget('p1');
    await asker.database.prisma.gatewayPod.updateMany({ data: { seenAt: new Date(Date.now() - 3_600_000) } });
    await store.forget('p2');
    expect(await store.pods()).toEqual(['p1', 'p2', 'p3']);
    await store.disconnect('p2', clock.now(), 10);
    await store.forget('p2');
    expect(await store.pods()).toEqual(['p1', 'p3']);
  });

  test('looks again after a while for stations that a late word has put online at a pod that is gone', async () => {
    await connected('dead-7', 'a');
    const sweeper = rested();
    await sweeper.look();
    expect(await sweeper.look()).toBe(1);
    await recordConnections(asker.database, [{ ...connection('connected', 'a', 6), pod: 'dead-7' }]);
    expect(await sweeper.look()).toBe(0);
    now += 60_000;
    expect(await sweeper.look()).toBe(1);
  });
});

test('a session process sweeps by itself', async () => {
  await connected('dead-6', 'a');
  const session = await startedSession(kit, { SWEEP_SECONDS: '1', POD_LIVENESS_SECONDS: '1' });
  await eventually('the station is offline', async () => (await online()).length === 0);
  await session.stop();
});
