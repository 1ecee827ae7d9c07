import { afterAll, expect, test } from '@jest/globals';
import { eventually } from '@ohmnibus/testkit';
import { assertInvariants } from '../invariants.js';
import { operator, stations, system, useSystem } from '../running.js';
import { TableLock } from '../table-lock.js';
import { FactsInWork } from './facts-in-work.js';

let lock: TableLock | undefined;

afterAll(async () => {
  await lock?.release();
});
useSystem({ only: ['session', 'transaction', 'command', 'gateway-1', 'gateway-2'] });

test('facts in work on a gateway that is killed are stored once, and its stations are reachable on its successor', async () => {
  const facts = await FactsInWork.prepare(operator, stations);
  const held = (lock = await TableLock.on(system, 'transaction', 'transaction_event', 'sample'));
  const acknowledged = facts.send();
  await eventually('starts, readings and stops wait for their commit', async () => (await held.waiting('transaction')).kinds >= 3);

  const killed = system.service('gateway-1');
  killed.kill('SIGKILL');
  expect((await killed.exited).signal).toBe('SIGKILL');
  await held.release();
  await eventually('the facts are committed, and nobody is there to answer', async () => (await facts.stored(operator)).length === 6);
  const numbers = await operator.rows(`SELECT station, number FROM transaction ORDER BY 1`);

  await system.startService('gateway-1');
  await acknowledged;
  expect(facts.sent(stations).every((times) => times >= 2)).toBe(true);
  const reached = await Promise.all(facts.ids.map((id) => operator.send(id, 'ClearCache', {})));
  expect(reached.map(({ state }) => state)).toEqual(facts.ids.map(() => 'accepted'));
  await facts.finish();
  expect(await operator.rows(`SELECT station, number FROM transaction ORDER BY 1`)).toEqual(numbers);
  expect(numbers).toHaveLength(6);
  await assertInvariants(system, { acknowledged: stations.ledgers });
});
