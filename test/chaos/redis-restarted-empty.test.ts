import { expect, test } from '@jest/globals';
import { eventually } from '@ohmnibus/testkit';
import { Redis } from 'ioredis';
import { assertInvariants } from '../invariants.js';
import { operator, stations, system, useSystem } from '../running.js';
import { chargingStations, countUnanswered, moreReadings, stopCharging } from './charging-stations.js';

useSystem({ only: ['session', 'transaction', 'command', 'gateway-1', 'gateway-2'] });

/** Gateways compare their sockets with the store every five seconds: two rounds, and as much again for a machine that is busy. */
const roundsMs = 20_000;

async function wipe(): Promise<void> {
  const redis = new Redis(system.kit.redisUrl);
  await redis.flushall();
  redis.disconnect();
  await system.kit.redis!.crash();
}

test('open sockets own their stations again, round by round, after Redis came back empty', async () => {
  const charging = await chargingStations(operator, stations);
  const unanswered = countUnanswered(charging);
  await wipe();
  // Facts do not need it.
  await moreReadings(charging);
  const [first] = charging;
  expect(await operator.send(first!.id, 'ClearCache', {})).toMatchObject({ state: 'failed', result: { type: 'none' } });

  await system.kit.redis!.start();
  const reached = async () => {
    const answers = await Promise.all(charging.map(({ id }) => operator.send(id, 'ClearCache', {})));
    return answers.every(({ state }) => state === 'accepted');
  };
  await eventually('commands reach every station', reached, { timeoutMs: roundsMs, intervalMs: 100 });
  await moreReadings(charging);
  await stopCharging(charging);
  expect(unanswered.count).toBe(0);
  expect(charging.map(({ connected }) => connected)).toEqual(charging.map(() => true));
  await assertInvariants(system, { acknowledged: stations.ledgers, frames: stations.recordings });
});
