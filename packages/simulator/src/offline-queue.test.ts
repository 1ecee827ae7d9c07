import { describe, expect, test } from '@jest/globals';
import { CallTimeoutError, NotConnectedError, StationCallError } from './errors.js';
import { OfflineQueue } from './offline-queue.js';
import type { Payload } from './rpc/frames.js';
import { eventually } from './test-support/eventually.js';
import { ManualClock } from './test-support/manual-clock.js';

function setUp(send: (action: string, payload: Payload) => Promise<Payload>): { queue: OfflineQueue; clock: ManualClock; sent: string[] } {
  const clock = new ManualClock();
  const sent: string[] = [];
  const queue = new OfflineQueue({
    clock,
    send: (action, payload) => {
      sent.push(action);
      return send(action, payload);
    },
    attempts: () => 3,
    retryIntervalMs: () => 100,
  });
  return { queue, clock, sent };
}

const message = (action: string): { action: string; payload: () => Payload } => ({ action, payload: () => ({ action }) });

describe('the offline queue', () => {
  test('sends nothing before it is resumed, then one after the other', async () => {
    let outstanding = 0;
    const { queue, sent } = setUp(async () => {
      outstanding += 1;
      expect(outstanding).toBe(1);
      await new Promise((resolve) => setImmediate(resolve));
      outstanding -= 1;
      return {};
    });
    const all = ['a', 'b', 'c'].map((action) => queue.add(message(action)));
    expect(sent).toEqual([]);
    queue.resume();
    await Promise.all(all);
    expect(sent).toEqual(['a', 'b', 'c']);
    expect(queue.length).toBe(0);
  });

  test('builds a payload only after the answer to the message before, and only once', async () => {
    let failures = 1;
    const { queue } = setUp(async () => {
      if (failures-- > 0) throw new CallTimeoutError('x', 1);
      return { transactionId: 5 };
    });
    let known = 0;
    let built = 0;
    const start = {
      action: 'Start',
      payload: () => ({ built: ++built }),
      acknowledged: (result: Payload) => void (known = Number(result['transactionId'])),
    };
    let stopPayload: Payload = {};
    const stop = { action: 'Stop', payload: () => (stopPayload = { transactionId: known }) };
    queue.resume();
    await Promise.all([queue.add(start), queue.add(stop)]);
    expect(stopPayload).toEqual({ transactionId: 5 });
    expect(built).toBe(1);
  });

  test('stops at a lost connection and goes on with the same message', async () => {
    let connected = false;
    const { queue, sent } = setUp(async () => {
      if (!connected) throw new NotConnectedError('gone');
      return {};
    });
    queue.resume();
    const both = [queue.add(message('a')), queue.add(message('b'))];
    await eventually('the first attempt', () => sent.length === 1);
    await new Promise((resolve) => setImmediate(resolve));
    expect(sent).toEqual(['a']);
    connected = true;
    queue.resume();
    await Promise.all(both);
    expect(sent).toEqual(['a', 'a', 'b']);
  });

  test('gives a refused message up after its attempts and goes on with the next', async () => {
    const { queue, clock, sent } = setUp(async (action) => {
      if (action === 'bad') throw new StationCallError(action, 'InternalError', '', {});
      return {};
    });
    queue.resume();
    const bad = queue.add(message('bad')).catch((error: unknown) => error);
    const good = queue.add(message('good'));
    for (const ms of [100, 200]) {
      await eventually(`the wait of ${ms} ms`, () => clock.pending.includes(ms));
      clock.advance(ms);
    }
    expect(await bad).toBeInstanceOf(StationCallError);
    await good;
    await queue.drained();
    expect(sent).toEqual(['bad', 'bad', 'bad', 'good']);
    expect(clock.pending).toEqual([]);
  });

  test('does not wait out a retry interval once it is paused', async () => {
    const { queue, clock, sent } = setUp(async (action) => {
      if (sent.length === 1) throw new StationCallError(action, 'InternalError', '', {});
      return {};
    });
    queue.resume();
    const done = queue.add(message('a'));
    await eventually('the retry wait', () => clock.pending.includes(100));
    queue.pause();
    expect(clock.pending).toEqual([]);
    await new Promise((resolve) => setImmediate(resolve));
    queue.resume();
    await done;
    expect(sent).toEqual(['a', 'a']);
  });
});
