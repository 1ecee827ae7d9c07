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
useSystem({ only: ['session', 'transaction', 'gateway-1'] });

test('facts whose commit dies with the transaction service are stored by the stations\' retries, once', async () => {
  const facts = await FactsInWork.prepare(operator, stations);
  const held = (lock = await TableLock.on(system, 'transaction', 'transaction_event', 'sample'));
  const acknowledged = facts.send();
  await eventually('starts, readings and stops wait for their commit', async () => (await held.waiting('transaction')).kinds >= 3);
  await eventually('all facts are in work', async () => (await system.metric('gateway-1', 'calls_outstanding')) >= 6);

  const killed = system.service('transaction');
  killed.kill('SIGKILL');
  expect((await killed.exited).signal).toBe('SIGKILL');
  await held.fail('transaction');
  await held.release();
  expect(await facts.stored(operator)).toEqual([]);

  await system.startService('transaction');
  await acknowledged;
  expect(await facts.stored(operator)).toEqual([...facts.ids].sort());
  expect(facts.sent(stations).every((times) => times >= 2)).toBe(true);
  await facts.finish();
  const [{ count } = {}] = await operator.rows(`SELECT count(*)::int FROM transaction WHERE end_kind = 'reported'`);
  expect(count).toBe(6);
  await assertInvariants(system, { acknowledged: stations.ledgers, frames: stations.recordings });
});
