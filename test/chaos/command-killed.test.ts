import { afterEach, expect, test } from '@jest/globals';
import type { CommandAnswer } from '@ohmnibus/contracts';
import { eventually } from '@ohmnibus/testkit';
import { RawSocket } from '../raw-socket.js';
import { operator, system, useSystem } from '../running.js';
import { TableLock } from '../table-lock.js';

let socket: RawSocket | undefined;
let lock: TableLock | undefined;

useSystem({ only: ['session', 'command', 'gateway-1'], env: { command: { COMMAND_OVERDUE_CHECK_SECONDS: '1' } } });
afterEach(async () => {
  await lock?.release();
  await socket?.close();
});

test('a command whose process is killed while its station thinks was written once, is known to everybody and ends as unknown', async () => {
  await operator.knows('SLOW');
  socket = await RawSocket.open(`${system.ocppUrl('gateway-1')}/SLOW`);
  await socket.call('BootNotification', { chargePointVendor: 'Slow', chargePointModel: 'One' });
  operator.send('SLOW', 'ClearCache', {}, 5).catch(() => undefined); // Nobody will answer.
  const raw = socket;
  const [[, id]] = (await eventually('the station is asked', () => {
    const calls = raw.calls('ClearCache');
    return calls.length > 0 && calls;
  })) as [[number, string]];
  const killed = system.service('command');
  killed.kill('SIGKILL');
  await killed.exited;

  await system.startService('command');
  const row = await eventually('the command has ended', async () => (await operator.rows('SELECT id, station, action, state, result FROM command WHERE finished_at IS NOT NULL'))[0], { timeoutMs: 45_000 });
  expect(row).toEqual({ id, station: 'SLOW', action: 'ClearCache', state: 'unknown', result: { type: 'none', reason: 'interrupted' } });
  // Its late answer changes nothing, and nobody asks again.
  socket.send(JSON.stringify([3, id, { status: 'Accepted' }]));
  expect(await operator.send('SLOW', 'ClearCache', {}, 3)).toMatchObject({ state: 'unknown', result: { reason: 'timeout' } });
  expect(socket.calls('ClearCache')).toHaveLength(2);
  const states = async () => (await operator.rows(`SELECT state FROM command WHERE station = 'SLOW' AND finished_at IS NOT NULL`)).map((each) => each['state']);
  await eventually('both are in the table', async () => (await states()).length === 2);
  expect(await states()).toEqual(['unknown', 'unknown']);
});

test('a command that was answered keeps its end, though its process is killed before Postgres has it', async () => {
  await operator.knows('QUICK');
  const raw = (socket = await RawSocket.open(`${system.ocppUrl('gateway-1')}/QUICK`));
  await raw.call('BootNotification', { chargePointVendor: 'Quick', chargePointModel: 'One' });
  const held = (lock = await TableLock.on(system, 'command'));
  const answered: CommandAnswer[] = [];
  for (let i = 1; i <= 5; i++) {
    const answer = operator.send('QUICK', 'ClearCache', {});
    const [, id] = await eventually('the station is asked', () => raw.calls('ClearCache')[i - 1]);
    raw.send(JSON.stringify([3, id, { status: i % 2 ? 'Accepted' : 'Rejected', i }]));
    answered.push(await answer);
  }
  expect(answered.map(({ state }) => state)).toEqual(['accepted', 'rejected', 'accepted', 'rejected', 'accepted']);
  const killed = system.service('command');
  killed.kill('SIGKILL');
  await killed.exited;
  await held.fail('command');
  await held.release();
  expect(await operator.rows(`SELECT id FROM command WHERE station = 'QUICK'`)).toEqual([]);

  await system.startService('command');
  const rows = await eventually('the commands are in the table', async () => {
    const found = await operator.rows(`SELECT id, state, result FROM command WHERE station = 'QUICK' ORDER BY created_at`);
    return found.length === 5 && found;
  }, { timeoutMs: 30_000 });
  expect(rows).toEqual(answered);
});
