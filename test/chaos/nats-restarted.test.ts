import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@ohmnibus/testkit';
import { assertInvariants } from '../invariants.js';
import { Operator } from '../operator.js';
import { Stations } from '../stations.js';
import { System } from '../system.js';
import { chargingStations, countUnanswered, moreReadings, stopCharging } from './charging-stations.js';

let system: System;
let operator: Operator;
let stations: Stations;

beforeAll(async () => {
  system = await System.start({
    only: ['session', 'transaction', 'command', 'gateway-1', 'gateway-2'],
    env: { 'gateway-1': { DRAIN_SECONDS: '2' }, 'gateway-2': { DRAIN_SECONDS: '2' } },
  });
  operator = await Operator.of(system);
  stations = new Stations(system);
}, 60_000);
afterAll(async () => {
  await stations?.disconnect();
  await operator?.close();
  await system?.stop();
}, 60_000);

test('charges go on after NATS was restarted, and what was sent meanwhile is stored once', async () => {
  const charging = await chargingStations(operator, stations);
  await moreReadings(charging);
  const unanswered = countUnanswered(charging);
  await system.kit.nats!.crash();
  await eventually('a fact was not taken', () => unanswered.count > 0, { timeoutMs: 15_000 });
  await system.kit.nats!.start();
  await moreReadings(charging);
  const reached = async () => {
    const answers = await Promise.all(charging.map(({ id }) => operator.send(id, 'ClearCache', {})));
    return answers.every(({ state }) => state === 'accepted');
  };
  await eventually('commands reach every station', reached, { timeoutMs: 10_000 });
  await stopCharging(charging);
  expect(charging.map(({ connected }) => connected)).toEqual(charging.map(() => true));
  // Frames that were on their way to the log are offered again only after half a minute.
  await assertInvariants(system, { acknowledged: stations.ledgers });
}, 60_000);
