import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { PresenceFixture } from './presence-fixture.js';
import { details, openPresence } from './presence-fixture.js';
import type { HeldSocket, ReconcileVerdict } from './reconcile.js';
import type { Socket } from './station-record.js';
import { stationKey } from './station-record.js';

let fixture: PresenceFixture;

beforeAll(async () => {
  fixture = await openPresence();
});
afterAll(() => fixture.close());
beforeEach(async () => {
  await fixture.presence.refreshLiveness('pod-a', 60_000);
  await fixture.presence.refreshLiveness('pod-b', 60_000);
});

const held = async (socket: Socket): Promise<HeldSocket> => ({ ...socket, ...details, epoch: await fixture.own(socket) });
const verdictOn = async (mine: HeldSocket): Promise<ReconcileVerdict> => (await fixture.presence.reconcile([mine]))[0]!;
const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
const ownerOf = (socket: Socket) => fixture.presence.owner(socket);

describe('a held socket', () => {
  test('that the store names is mine', async () => {
    const mine = await held(fixture.socket());
    expect(await verdictOn(mine)).toEqual({ kind: 'mine' });
  });

  test('that the store has lost is restored at the same epoch', async () => {
    const mine = await held(fixture.socket());
    await fixture.redis.del(stationKey(mine));
    expect(await verdictOn(mine)).toEqual({ kind: 'restored' });
    expect(await ownerOf(mine)).toEqual(mine);
    expect(await verdictOn(mine)).toEqual({ kind: 'mine' });
  });

  test('that somebody cleared is restored at the same epoch, to stay', async () => {
    const mine = await held(fixture.socket());
    await fixture.presence.endLiveness('pod-a');
    expect(await fixture.presence.clearIfPodGone(mine)).toBe(true);
    await fixture.presence.refreshLiveness('pod-a', 60_000);
    expect(await verdictOn(mine)).toEqual({ kind: 'restored' });
    expect(await ownerOf(mine)).toEqual(mine);
    expect(await fixture.redis.ttl(stationKey(mine))).toBe(-1);
  });

  test('is restored over an owner of a lower epoch, which a store that lost writes brought back', async () => {
    const old = await held(fixture.socket({ ageMs: 60_000 }));
    const mine = await held(fixture.socket({ station: old.station, pod: 'pod-b', ageMs: 30_000 }));
    const key = stationKey(old);
    await fixture.redis.hset(key, 'epoch', old.epoch, 'owner', `${old.connection} pod-a`, 'acceptedAt', old.acceptedAt);
    expect(await verdictOn(mine)).toEqual({ kind: 'restored' });
    expect(await verdictOn(old)).toEqual({ kind: 'close' });
    expect(await ownerOf(old)).toEqual(mine);
  });

  test('is to be closed if a socket accepted later took the station', async () => {
    const mine = await held(fixture.socket({ ageMs: 10_000 }));
    const next = await held(fixture.socket({ station: mine.station, pod: 'pod-b' }));
    expect(await verdictOn(mine)).toEqual({ kind: 'close' });
    expect(await verdictOn(next)).toEqual({ kind: 'mine' });
  });

  test('is to be closed also if that later socket has gone again', async () => {
    const mine = await held(fixture.socket({ ageMs: 10_000 }));
    const next = await held(fixture.socket({ station: mine.station, pod: 'pod-b' }));
    await fixture.presence.release(next);
    expect(await verdictOn(mine)).toEqual({ kind: 'close' });
    expect(await ownerOf(mine)).toBeUndefined();
  });

  test('takes a new epoch if a socket accepted earlier took the station', async () => {
    const early = fixture.socket({ ageMs: 200, pod: 'pod-b' });
    const mine = await held(fixture.socket({ station: early.station, ageMs: 100 }));
    const other = await held(early);
    const verdict = await verdictOn(mine);
    expect(verdict).toEqual({
      kind: 'renewed',
      epoch: expect.any(Number),
      previous: { pod: 'pod-b', connection: early.connection, epoch: other.epoch },
    });
    const owner = (await ownerOf(mine))!;
    expect(owner.epoch).toBeGreaterThan(other.epoch);
    expect(verdict).toMatchObject({ epoch: owner.epoch });
    expect(owner.connection).toBe(mine.connection);
    expect(await verdictOn(other)).toEqual({ kind: 'close' });
  });

  test('accepted at the same time as another yields to the higher epoch', async () => {
    const mine = await held(fixture.socket({ ageMs: 3000 }));
    const next = await held({ ...mine, pod: 'pod-b', connection: 9000 });
    expect(await verdictOn(mine)).toEqual({ kind: 'close' });
    expect(await verdictOn(next)).toEqual({ kind: 'mine' });
  });

  test('whose epoch another socket has too takes a new one', async () => {
    const mine = await held(fixture.socket({ ageMs: 10_000 }));
    await fixture.redis.hset(stationKey(mine), 'owner', '9000 pod-b', 'acceptedAt', fixture.presence.now() - 5000);
    const verdict = await verdictOn(mine);
    expect(verdict).toMatchObject({ kind: 'renewed', previous: { pod: 'pod-b', connection: 9000, epoch: mine.epoch } });
    // The other one was accepted later: its own round takes the station back.
    const other: HeldSocket = { ...mine, pod: 'pod-b', connection: 9000, acceptedAt: mine.acceptedAt + 5000 };
    expect(await verdictOn(other)).toMatchObject({ kind: 'renewed', previous: { pod: 'pod-a', connection: mine.connection } });
    expect(await verdictOn(mine)).toEqual({ kind: 'close' });
  });

  test('adopts a newer epoch of its own, whose answer was lost', async () => {
    const mine = await held(fixture.socket());
    const epoch = await fixture.own(mine);
    expect(await verdictOn(mine)).toEqual({ kind: 'renewed', epoch, previous: undefined });
    expect(await verdictOn({ ...mine, epoch })).toEqual({ kind: 'mine' });
  });

  test('takes a new epoch if a newer one of its own was cleared before it heard of it', async () => {
    const mine = await held(fixture.socket({ ageMs: 3000 }));
    const epoch = await fixture.own(mine);
    await fixture.presence.release({ ...mine, epoch });
    const verdict = await verdictOn(mine);
    expect(verdict).toEqual({ kind: 'renewed', epoch: expect.any(Number), previous: undefined });
    expect((await ownerOf(mine))!.epoch).toBeGreaterThan(epoch);
  });

  test('that is released while the round goes on stays released', async () => {
    const firstBatch = await Promise.all(Array.from({ length: 1000 }, () => held(fixture.socket())));
    const mine = await held(fixture.socket());
    await fixture.redis.del(stationKey(mine));
    const round = fixture.presence.reconcile([...firstBatch, mine]);
    await fixture.presence.release(mine);
    expect((await round).at(-1)).toEqual({ kind: 'restored' });
    expect(await ownerOf(mine)).toBeUndefined();
  });

  test('does not trust a stamp in the future of Redis', async () => {
    const mine = await held(fixture.socket({ ageMs: 10_000 }));
    const next = await held(fixture.socket({ station: mine.station, pod: 'pod-b' }));
    await fixture.redis.hset(stationKey(mine), 'acceptedAt', fixture.presence.now() + 60_000);
    expect(await verdictOn(mine)).toMatchObject({ kind: 'renewed', previous: { connection: next.connection } });
  });
});

describe('a connection that its pod does not hold', () => {
  test('loses the station to the one that it does hold', async () => {
    const mine = await held(fixture.socket({ ageMs: 10_000 }));
    await fixture.own(fixture.socket({ station: mine.station }));
    await nextTurn();
    const verdict = await verdictOn(mine);
    expect(verdict).toEqual({ kind: 'renewed', epoch: expect.any(Number), previous: undefined });
    expect(await ownerOf(mine)).toMatchObject({ connection: mine.connection });
  });

  test('keeps it if it is on the list', async () => {
    const mine = await held(fixture.socket({ ageMs: 10_000 }));
    const next = await held(fixture.socket({ station: mine.station }));
    expect(await fixture.presence.reconcile([mine, next])).toEqual([{ kind: 'close' }, { kind: 'mine' }]);
  });

  test('keeps it if its claim was under way when the list was made', async () => {
    const { presence, socket, own } = fixture;
    const mine = await held(socket({ ageMs: 10_000 }));
    const claim = own(socket({ station: mine.station }));
    // By then the claim has left, and the reading of the store comes after it.
    await nextTurn();
    expect(await presence.reconcile([mine])).toEqual([{ kind: 'close' }]);
    expect(await ownerOf(mine)).toMatchObject({ epoch: await claim });
  });

  test('keeps it if it was claimed while the round went on', async () => {
    const { presence, socket, own } = fixture;
    const firstBatch = await Promise.all(Array.from({ length: 1000 }, () => held(socket())));
    const mine = await held(socket({ ageMs: 10_000 }));
    const round = presence.reconcile([...firstBatch, mine]);
    const epoch = await own(socket({ station: mine.station }));
    expect((await round).at(-1)).toEqual({ kind: 'close' });
    expect(await ownerOf(mine)).toMatchObject({ epoch });
  });
});

describe('a round', () => {
  test('of many sockets answers in their order', async () => {
    const sockets = await Promise.all(Array.from({ length: 2500 }, () => held(fixture.socket())));
    const lost = new Set([0, 999, 1000, 2499]);
    await fixture.redis.del([...lost].map((i) => stationKey(sockets[i]!)));
    const kinds = (await fixture.presence.reconcile(sockets)).map((verdict) => verdict.kind);
    expect(kinds).toEqual(sockets.map((_, i) => (lost.has(i) ? 'restored' : 'mine')));
    expect(await fixture.presence.reconcile([])).toEqual([]);
  });

  test('without a living key is refused and puts nothing back', async () => {
    const mine = await held(fixture.socket());
    await fixture.redis.del(stationKey(mine));
    await fixture.presence.endLiveness('pod-a');
    await expect(fixture.presence.reconcile([mine])).rejects.toMatchObject({ code: 'unavailable' });
    expect(await ownerOf(mine)).toBeUndefined();
  });
});
