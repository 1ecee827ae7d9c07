import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { Fault } from '@ohmnibus/domain';
import { eventually } from '@ohmnibus/testkit';
import { Presence } from './presence.js';
import type { PresenceFixture } from './presence-fixture.js';
import { commandTimeoutMs, details, openPresence } from './presence-fixture.js';

/** Far below what a question waits for its answer, in milliseconds. */
const atOnceMs = commandTimeoutMs - 500;
/** Far below what two waits take, one after the other. */
const inTimeMs = 2 * commandTimeoutMs - 500;

let fixture: PresenceFixture;

beforeEach(async () => {
  fixture = await openPresence();
});
afterEach(() => fixture.close());

/** How a question fails, and after how many ms. */
async function failureOf(question: Promise<unknown>): Promise<{ failure: unknown; ms: number }> {
  const start = performance.now();
  const failure = await question.then(
    () => 'it succeeded',
    (error: unknown) => error,
  );
  return { failure, ms: performance.now() - start };
}

describe('while Redis is stopped', () => {
  test('everything fails at once as unavailable and not sent, and works again after its return', async () => {
    const { kit, presence, socket, own } = fixture;
    const mine = socket({ ageMs: 5000 });
    const epoch = await own(mine);
    await presence.refreshLiveness(mine.pod, 60_000);
    await kit.redis!.stop();
    const questions: (() => Promise<unknown>)[] = [
      () => presence.claim(mine, details),
      () => presence.release({ ...mine, epoch }),
      () => presence.releaseConnection(mine),
      () => presence.owner(mine),
      () => presence.owners([mine]),
      () => presence.reconcile([{ ...mine, ...details, epoch }]),
      () => presence.refreshLiveness(mine.pod, 1000),
      () => presence.alivePods([mine.pod]),
      () => presence.clearIfPodGone({ ...mine, ...details, epoch }),
      () => presence.verifiers.get(['key']),
      () => presence.ping(),
    ];
    for (const question of questions) {
      const { failure, ms } = await failureOf(question());
      expect(failure).toBeInstanceOf(Fault);
      expect(failure).toMatchObject({ code: 'unavailable', transient: true, details: { sent: false } });
      expect(ms).toBeLessThan(atOnceMs);
    }
    await kit.redis!.start();
    await eventually('Redis answers again', () => presence.ping().then(() => true));
    // The append-only file kept the owner; scripts have to be sent anew.
    expect(await presence.owner(mine)).toMatchObject({ epoch });
    expect(await own(mine)).toBeGreaterThan(epoch);
  });
});

describe('while Redis stands still', () => {
  test('a claim fails in time, is not sent again, and can be undone once Redis goes on', async () => {
    const { kit, presence, socket } = fixture;
    const mine = socket();
    kit.redis!.pause();
    const { failure, ms } = await failureOf(presence.claim(mine, details));
    expect(failure).toMatchObject({ code: 'unavailable', details: { sent: true } });
    expect(ms).toBeLessThan(inTimeMs);
    kit.redis!.resume();
    await eventually('the claim that nobody waits for runs', () => presence.owner(mine));
    await presence.releaseConnection(mine);
    expect(await presence.owner(mine)).toBeUndefined();
  });

  test('a claim does not wait for those before it', async () => {
    const { kit, presence, socket } = fixture;
    kit.redis!.pause();
    const first = failureOf(presence.claim(socket(), details));
    await new Promise(setImmediate);
    await new Promise(setImmediate);
    const second = failureOf(presence.claim(socket(), details));
    const failures = await Promise.all([first, second]);
    kit.redis!.resume();
    for (const { failure, ms } of failures) {
      expect(failure).toMatchObject({ code: 'unavailable', details: { sent: true } });
      expect(ms).toBeLessThan(inTimeMs);
    }
  });

  test('connecting and closing end in time', async () => {
    const { kit, presence } = fixture;
    kit.redis!.pause();
    const connecting = failureOf(Presence.connect({ url: kit.redisUrl, commandTimeoutMs: 300 }));
    const closing = failureOf(presence.close());
    const { failure, ms } = await connecting;
    expect(failure).toMatchObject({ code: 'unavailable' });
    expect(ms).toBeLessThan(inTimeMs);
    expect((await closing).ms).toBeLessThan(inTimeMs);
    kit.redis!.resume();
  });
});

test('a claim that is cut off fails at once and is not sent again when Redis is back', async () => {
  const { kit, presence, socket } = fixture;
  const mine = socket();
  kit.redis!.pause();
  const claim = failureOf(presence.claim(mine, details));
  // The claim leaves at the end of this turn.
  await new Promise((resolve) => setImmediate(() => setImmediate(resolve)));
  await kit.redis!.crash();
  const { failure, ms } = await claim;
  expect(failure).toMatchObject({ code: 'unavailable', details: { sent: true } });
  expect(ms).toBeLessThan(atOnceMs);
  await kit.redis!.start();
  await eventually('Redis answers again', () => presence.ping().then(() => true));
  expect(await presence.owner(mine)).toBeUndefined();
});

test('scripts that Redis has forgotten are sent again', async () => {
  const { redis, socket, own } = fixture;
  await own(socket());
  await redis.script('FLUSH');
  const epochs = await Promise.all([own(socket()), own(socket()), own(socket())]);
  expect(epochs).toHaveLength(3);
});
