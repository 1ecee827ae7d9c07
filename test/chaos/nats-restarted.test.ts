import { expect, test } from '@jest/globals';
import { eventually } from '@ohmnibus/testkit';
import { assertInvariants } from '../invariants.js';
import { operator, stations, system, useSystem } from '../running.js';
import { chargingStations, countUnanswered, moreReadings, stopCharging } from './charging-stations.js';

useSystem({
  only: ['session', 'transaction', 'command', 'gateway-1', 'gateway-2'],
  env: { 'gateway-1': { DRAIN_SECONDS: '2' }, 'gateway-2': { DRAIN_SECONDS: '2' } },
});

test('charges go on after NATS was restarted, and what was sent meanwhile is stored once', async () => {
  const charging = await chargingStations(operator, stations);
  await moreReadings(charging);
  const unanswered = countUnanswered(charging);
  await system.kit.nats!.crash();
  await eventually('a fact was not taken', () => unanswered.count > 0);
  await system.kit.nats!.start();
  await moreReadings(charging);
  const reached = async () => {
    const answers = await Promise.all(charging.map(({ id }) => operator.send(id, 'ClearCache', {})));
    return answers.every(({ state }) => state === 'accepted');
  };
  await eventually('commands reach every station', reached);
  await stopCharging(charging);
  expect(charging.map(({ connected }) => connected)).toEqual(charging.map(() => true));
  // Frames that were on their way to the log are offered again only after half a minute.
  await assertInvariants(system, { acknowledged: stations.ledgers });
});
