import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Fault } from '@ohmnibus/domain';
import { freePort } from '@ohmnibus/testkit';
import { Presence } from './presence.js';
import type { PresenceFixture } from './presence-fixture.js';
import { openPresence } from './presence-fixture.js';

let fixture: PresenceFixture;

beforeAll(async () => {
  fixture = await openPresence();
});
afterAll(() => fixture.close());

describe('owners', () => {
  test('come in the order of the question, undefined where there is none', async () => {
    const { presence, socket, own } = fixture;
    const [a, b, c] = [socket(), socket(), socket()];
    await own(a);
    await own(c);
    const owners = await presence.owners([c, b, a]);
    expect(owners.map((owner) => owner?.connection)).toEqual([c.connection, undefined, a.connection]);
    expect(await presence.owners([])).toEqual([]);
  });

  test('are told apart whatever characters their ids hold', async () => {
    const { presence, socket, own } = fixture;
    const odd = ['', '.', '*', '>', ' ', ':', '1:', 'a:b', '{x}', '{', 'Ä', '充電', '🔌', '%2F', '/', '"', '\n', '\0', '__proto__', 'CP*1.', '0 1'];
    const sockets = odd.flatMap((tenant) => odd.map((station) => socket({ tenant, station })));
    await Promise.all(sockets.map(own));
    const connections = sockets.map((each) => each.connection);
    expect((await presence.owners(sockets)).map((owner) => owner?.connection)).toEqual(connections);
    // Likewise if each is asked for on its own, at the same moment.
    const alone = await Promise.all(sockets.map((each) => presence.owner(each)));
    expect(alone.map((owner) => owner?.connection)).toEqual(connections);
  });

  test.each([1, 7])('may have pods of any name, asked for %i at once', async (times) => {
    const { presence, socket, own } = fixture;
    for (const pod of ['gateway-7d9 3', ' ', '4 gateway', 'pod:*', 'two\nlines\n', '🚗']) {
      const mine = socket({ pod });
      const epoch = await own(mine);
      const { connection, acceptedAt, tenant, station } = mine;
      const found = await Promise.all(Array.from({ length: times }, (_, i) => presence.owner(i % 2 ? socket() : mine)));
      expect(found.map((owner) => owner?.connection)).toEqual(found.map((_, i) => (i % 2 ? undefined : connection)));
      expect(found[0]).toMatchObject({ tenant, station, pod, connection, epoch, acceptedAt: expect.closeTo(acceptedAt, -1) });
      await presence.release({ ...mine, epoch });
      expect(await presence.owner(mine)).toBeUndefined();
    }
  });
});

describe('a pod', () => {
  test('lives until its time is over or it says that it is gone', async () => {
    const { presence, redis } = fixture;
    await presence.refreshLiveness('pod-1', 60_000);
    await presence.refreshLiveness('pod-2', 60_000);
    expect(await presence.alivePods(['pod-1', 'pod-2', 'pod-3', 'pod-1'])).toEqual(new Set(['pod-1', 'pod-2']));
    expect(await redis.pttl('pod:pod-1')).toBeGreaterThan(50_000);
    await presence.endLiveness('pod-1');
    expect(await presence.alivePods(['pod-1', 'pod-2'])).toEqual(new Set(['pod-2']));
    expect(await presence.alivePods([])).toEqual(new Set());
  });

  test('that lives keeps its stations', async () => {
    const { presence, socket, own } = fixture;
    const mine = socket({ pod: 'living' });
    await presence.refreshLiveness('living', 60_000);
    await own(mine);
    expect(await presence.clearIfPodGone((await presence.owner(mine))!)).toBe(false);
    expect(await presence.owner(mine)).toMatchObject({ pod: 'living' });
  });

  test('that is gone loses its stations, and the epoch stays', async () => {
    const { presence, redis, socket, own } = fixture;
    const mine = socket({ pod: 'gone' });
    const epoch = await own(mine);
    const owner = (await presence.owner(mine))!;
    expect(await presence.clearIfPodGone(owner)).toBe(true);
    expect(await presence.owner(mine)).toBeUndefined();
    expect(await redis.hget(`station:4:acme:${mine.station}`, 'epoch')).toBe(String(epoch));
    expect(await presence.clearIfPodGone(owner)).toBe(false);
  });

  test('that is gone loses only the epoch that was looked at', async () => {
    const { presence, socket, own } = fixture;
    const mine = socket({ pod: 'gone' });
    await own(mine);
    const seen = (await presence.owner(mine))!;
    const epoch = await own(mine);
    expect(await presence.clearIfPodGone(seen)).toBe(false);
    expect(await presence.owner(mine)).toMatchObject({ epoch });
  });
});

describe('verifiers', () => {
  test('are found by their keys until they are deleted', async () => {
    const { verifiers } = fixture.presence;
    await verifiers.set('acme:CP-1', 'hash 1', 60);
    await verifiers.set('acme:CP-2', 'hash 2', 60);
    expect(await verifiers.get(['acme:CP-2', 'acme:CP-3', 'acme:CP-1'])).toEqual(['hash 2', null, 'hash 1']);
    await verifiers.delete('acme:CP-1');
    expect(await verifiers.get(['acme:CP-1'])).toEqual([null]);
    expect(await verifiers.get([])).toEqual([]);
  });

  test('expire', async () => {
    const { presence, redis } = fixture;
    await presence.verifiers.set('short', 'x', 60);
    const [key] = await redis.keys('*short');
    expect(await redis.ttl(key!)).toBeGreaterThan(50);
    expect(await redis.ttl(key!)).toBeLessThanOrEqual(60);
  });
});

test('connecting where no Redis listens fails as unavailable', async () => {
  const url = `redis://127.0.0.1:${await freePort()}`;
  const failure = await Presence.connect({ url, commandTimeoutMs: 500 }).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(Fault);
  expect(failure).toMatchObject({ code: 'unavailable', details: { sent: false } });
});
