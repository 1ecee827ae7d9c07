import { describe, expect, test } from '@jest/globals';
import { ConnectionFixture } from './connection-fixture.js';
import { Connections } from './connections.js';
import { RecentIds } from './recent-ids.js';
import { shardOf } from './shard.js';

const ref = { tenant: 'acme', station: 'CP-1' };
/** Sockets whose close arrives only when the test says so. */
function slowToClose(options: ConstructorParameters<typeof ConnectionFixture>[0]): ConnectionFixture {
  const fixture = new ConnectionFixture(options);
  fixture.socket.onEnd = () => undefined;
  return fixture;
}

describe('the sockets of a pod', () => {
  test('of one station: the newest stands for it, and the older is closed', () => {
    const connections = new Connections();
    const [older, newer] = [slowToClose({ id: 1 }), slowToClose({ id: 2 })];
    connections.add(older.connection);
    connections.add(newer.connection);
    expect(older.socket.ended?.code).toBe(1008);
    expect(newer.socket.ended).toBeUndefined();
    expect(connections.of(ref)).toBe(newer.connection);
    expect(connections.size).toBe(2);
    // Its late close leaves the newer one where it is.
    connections.remove(older.connection);
    expect(connections.of(ref)).toBe(newer.connection);
    connections.remove(newer.connection);
    expect([connections.of(ref), connections.size]).toEqual([undefined, 0]);
  });

  test('are told apart by tenant, and by the spelling of the station', () => {
    const connections = new Connections();
    const [one, other] = [slowToClose({ station: 'CP-1' }), slowToClose({ station: 'cp-1' })];
    connections.add(one.connection);
    connections.add(other.connection);
    expect(one.socket.ended).toBeUndefined();
    expect(connections.of({ tenant: 'other', station: 'CP-1' })).toBeUndefined();
  });

  test('are closed below an epoch, but for those whose claim is in flight', () => {
    const connections = new Connections();
    const [older, unclaimed] = [slowToClose({ id: 1, epoch: 5 }), slowToClose({ id: 2, epoch: 0 })];
    connections.add(older.connection);
    expect(connections.closeOlder(ref, 5)).toBe(0);
    connections.add(unclaimed.connection);
    expect(connections.closeOlder(ref, 6)).toBe(1);
    expect(unclaimed.socket.ended).toBeUndefined();
    expect(connections.claimed()).toEqual([older.connection]);
    expect(connections.closeAll(ref, 'because')).toBe(2);
    expect(unclaimed.socket.ended).toMatchObject({ code: 1008, reason: 'because' });
    expect(connections.closeAll({ tenant: 'acme', station: 'nobody' }, 'because')).toBe(0);
  });
});

test('ids are remembered up to a limit, the latest of them', () => {
  const ids = new RecentIds(2);
  expect(['a', 'a', 'b', 'c', 'b', 'd', 'e', 'd', 'a'].map((id) => ids.add(id))).toEqual([true, false, true, true, false, true, true, false, true]);
});

describe('the shard of a station', () => {
  test('is the same every time, one of so many, and spreads stations evenly', () => {
    const counts = new Map<number, number>();
    for (let n = 0; n < 4_000; n++) {
      const shard = shardOf({ tenant: 'acme', station: `CP-${n}` }, 4);
      expect(shardOf({ tenant: 'acme', station: `CP-${n}` }, 4)).toBe(shard);
      counts.set(shard, (counts.get(shard) ?? 0) + 1);
    }
    expect([...counts.keys()].toSorted()).toEqual([0, 1, 2, 3]);
    for (const count of counts.values()) expect(count).toBeGreaterThan(800);
  });

  test('is 0 where there is one', () => {
    expect(shardOf(ref, 1)).toBe(0);
  });
});
