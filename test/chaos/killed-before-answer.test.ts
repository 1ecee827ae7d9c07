import { expect, test } from '@jest/globals';
import { eventually } from '@ohmnibus/testkit';
import { assertInvariants } from '../invariants.js';
import { operator, stations, system, useSystem } from '../running.js';
import { FactsInWork } from './facts-in-work.js';

useSystem({ only: ['session', 'transaction', 'gateway-1'], wires: ['transaction NATS_URL'] });

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
});
