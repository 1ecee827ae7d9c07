import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { PresenceFixture } from './presence-fixture.js';
import { details, openPresence } from './presence-fixture.js';
import { stationKey } from './station-record.js';

const generation1 = 2 ** 42;
/** How well Redis's clock is known, on a machine that is busy, in milliseconds. */
const toleranceMs = 1_000;
let fixture: PresenceFixture;

beforeAll(async () => {
  fixture = await openPresence();
});
afterAll(() => fixture.close());

describe('a claim', () => {
  test('makes the socket the owner, under an epoch of the first generation made of the time', async () => {
    const { presence, socket, own } = fixture;
    const mine = socket();
    const before = presence.now();
    const epoch = await own(mine);
    expect(await presence.owner(mine)).toEqual({ ...mine, ...details, epoch });
    expect(epoch - generation1).toBeGreaterThanOrEqual(before - toleranceMs);
    expect(epoch - generation1).toBeLessThanOrEqual(presence.now() + toleranceMs);
  });

  test('names the owner before, with its epoch', async () => {
    const { presence, socket, own } = fixture;
    const old = socket({ ageMs: 60_000 });
    const epoch = await own(old);
    const next = { ...socket(), station: old.station, pod: 'pod b: 2' };
    const outcome = await presence.claim(next, details);
    expect(outcome).toMatchObject({ kind: 'owned', previous: { pod: 'pod-a', connection: old.connection, epoch } });
    expect(await presence.owner(old)).toMatchObject({ pod: 'pod b: 2', connection: next.connection });
  });

  test('that comes late is superseded by a socket accepted later', async () => {
    const { presence, socket, own } = fixture;
    const late = socket({ ageMs: 5000 });
    const next = socket({ station: late.station, pod: 'pod-b', ageMs: 3000 });
    const epoch = await own(next);
    expect(await presence.claim(late, details)).toEqual({ kind: 'superseded' });
    expect(await presence.owner(late)).toMatchObject({ connection: next.connection, epoch });
  });

  test('that comes late is superseded though the later socket has gone again', async () => {
    const { presence, socket, own } = fixture;
    const late = socket({ ageMs: 5000 });
    const next = socket({ station: late.station, ageMs: 3000 });
    await presence.release({ ...next, epoch: await own(next) });
    expect(await presence.claim(late, details)).toEqual({ kind: 'superseded' });
  });

  test('younger than two seconds is not superseded', async () => {
    const { presence, socket, own } = fixture;
    const early = socket({ ageMs: 200 });
    await own(socket({ station: early.station, pod: 'pod-b', ageMs: 100 }));
    expect(await presence.claim(early, details)).toMatchObject({ kind: 'owned', previous: { pod: 'pod-b' } });
  });

  test('of the socket accepted at the very same time is not superseded', async () => {
    const { presence, socket, own } = fixture;
    const one = socket({ ageMs: 5000 });
    await own(one);
    expect(await presence.claim({ ...one, connection: 9000 }, details)).toMatchObject({ kind: 'owned' });
  });

  test('ignores a stamp in the future of Redis', async () => {
    const { presence, redis, socket, own } = fixture;
    const mine = socket({ ageMs: 5000 });
    await own(mine);
    await redis.hset(stationKey(mine), 'acceptedAt', presence.now() + 60_000);
    expect(await presence.claim({ ...mine, connection: 9001 }, details)).toMatchObject({ kind: 'owned' });
  });

  test('by a pod whose clock runs ahead does not shut out those that follow', async () => {
    const { presence, socket, own } = fixture;
    const ahead = socket({ ageMs: -60_000 });
    await own(ahead);
    expect((await presence.owner(ahead))!.acceptedAt).toBeLessThanOrEqual(presence.now() + toleranceMs);
  });

  test('repeated by the same socket takes a new epoch and has nobody closed', async () => {
    const { presence, socket, own } = fixture;
    const mine = socket();
    const first = await own(mine);
    const again = await presence.claim(mine, details);
    expect(again).toEqual({ kind: 'owned', epoch: expect.any(Number), previous: undefined });
    expect(again.kind === 'owned' && again.epoch).toBeGreaterThan(first);
  });

  test('gets an epoch above the last one though the time of Redis is behind it', async () => {
    const { redis, socket, own } = fixture;
    const mine = socket();
    await own(mine);
    const far = 2 ** 52 + 1;
    await redis.hset(stationKey(mine), 'epoch', String(far));
    expect(await own(mine)).toBe(far + 1);
    expect(await own(mine)).toBe(far + 2);
    expect(await redis.hget(stationKey(mine), 'epoch')).toBe(String(far + 2));
  });

  test('gets an epoch of its own, also among many within one millisecond', async () => {
    const { socket, own } = fixture;
    const mine = socket();
    const epochs = await Promise.all(Array.from({ length: 200 }, (_, i) => own({ ...mine, connection: 10_000 + i })));
    expect(epochs).toEqual([...new Set(epochs)].toSorted((a, b) => a - b));
  });
});

describe('a release', () => {
  test('leaves the station without an owner and keeps its epoch', async () => {
    const { presence, redis, socket, own } = fixture;
    const mine = socket();
    const epoch = await own(mine);
    await presence.release({ ...mine, epoch });
    expect(await presence.owner(mine)).toBeUndefined();
    expect(await redis.hgetall(stationKey(mine))).toEqual({ epoch: String(epoch), acceptedAt: String(mine.acceptedAt) });
  });

  test('is followed by a claim with a higher epoch and without an owner before', async () => {
    const { presence, redis, socket, own } = fixture;
    const mine = socket();
    await own(mine);
    await redis.hset(stationKey(mine), 'epoch', String(2 ** 50));
    await presence.release({ ...mine, epoch: 2 ** 50 });
    expect(await presence.claim(socket({ station: mine.station }), details)).toEqual({ kind: 'owned', epoch: 2 ** 50 + 1, previous: undefined });
  });

  test('by an old connection, or at an old epoch, changes nothing', async () => {
    const { presence, socket, own } = fixture;
    const old = socket();
    const oldEpoch = await own(old);
    const next = socket({ station: old.station });
    const epoch = await own(next);
    await presence.release({ ...old, epoch: oldEpoch });
    await presence.release({ ...old, epoch });
    await presence.release({ ...next, epoch: oldEpoch });
    await presence.release({ ...next, pod: 'pod-b', epoch });
    await presence.releaseConnection(old);
    await presence.releaseConnection({ ...next, pod: 'pod-b' });
    expect(await presence.owner(old)).toMatchObject({ connection: next.connection, epoch });
  });

  test('of a connection needs no epoch', async () => {
    const { presence, socket, own } = fixture;
    const mine = socket();
    await own(mine);
    await presence.releaseConnection(mine);
    expect(await presence.owner(mine)).toBeUndefined();
  });

  test('of a station that nobody claimed leaves no trace', async () => {
    const { presence, redis, socket } = fixture;
    const mine = socket();
    await presence.releaseConnection(mine);
    expect(await redis.exists(stationKey(mine))).toBe(0);
  });

  test('lets the station expire, and a claim keeps it again', async () => {
    const { presence, redis, socket, own } = fixture;
    const mine = socket();
    const epoch = await own(mine);
    expect(await redis.ttl(stationKey(mine))).toBe(-1);
    await presence.release({ ...mine, epoch });
    expect(await redis.ttl(stationKey(mine))).toBeGreaterThan(29 * 24 * 3600);
    await own(mine);
    expect(await redis.ttl(stationKey(mine))).toBe(-1);
  });
});
