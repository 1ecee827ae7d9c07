import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@ohmnibus/testkit';
import { assertInvariants } from '../invariants.js';
import { Operator } from '../operator.js';
import { Stations } from '../stations.js';
import { System } from '../system.js';
import { FactsInWork } from './facts-in-work.js';

let system: System;
let operator: Operator;
let stations: Stations;

beforeAll(async () => {
  system = await System.start({ only: ['session', 'transaction', 'gateway-1'], wires: ['transaction NATS_URL'] });
  operator = await Operator.of(system);
  stations = new Stations(system);
}, 60_000);
afterAll(async () => {
  await stations?.disconnect();
  await operator?.close();
  await system?.stop();
}, 60_000);

test('facts whose answer dies with the transaction service are not stored again by the stations\' retries', async () => {
  const facts = await FactsInWork.prepare(operator, stations);
  const wire = system.wire('transaction NATS_URL');
  wire.hold('up');
  const acknowledged = facts.send();
  await eventually('all facts are committed', async () => (await facts.stored(operator)).length === 6);
  const numbers = await operator.rows(`SELECT station, number FROM transaction ORDER BY 1`);

  const killed = system.service('transaction');
  killed.kill('SIGKILL');
  expect((await killed.exited).signal).toBe('SIGKILL');
  wire.drop('up');
  expect(facts.sent(stations)).toEqual([1, 1, 1, 1, 1, 1]);

  await system.startService('transaction');
  await acknowledged;
  expect(facts.sent(stations).every((times) => times >= 2)).toBe(true);
  await facts.finish();
  expect(await operator.rows(`SELECT station, number FROM transaction ORDER BY 1`)).toEqual(numbers);
  expect(numbers).toHaveLength(6);
  await assertInvariants(system, { acknowledged: stations.ledgers, frames: stations.recordings });
}, 60_000);
