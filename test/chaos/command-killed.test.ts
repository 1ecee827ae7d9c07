import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@ohmnibus/testkit';
import { Operator } from '../operator.js';
import { RawSocket } from '../raw-socket.js';
import { System } from '../system.js';

let system: System;
let operator: Operator;
let socket: RawSocket | undefined;

beforeAll(async () => {
  system = await System.start({ only: ['session', 'command', 'gateway-1'], env: { command: { COMMAND_OVERDUE_CHECK_SECONDS: '1' } } });
  operator = await Operator.of(system);
}, 60_000);
afterAll(async () => {
  await socket?.close();
  await operator?.close();
  await system?.stop();
}, 60_000);

test('a command whose process is killed while its station thinks was written once, is known to everybody and ends as unknown', async () => {
  await operator.knows('SLOW');
  socket = await RawSocket.open(`${system.ocppUrl('gateway-1')}/SLOW`);
  await socket.call('BootNotification', { chargePointVendor: 'Slow', chargePointModel: 'One' });
  operator.send('SLOW', 'ClearCache', {}, 3).catch(() => undefined); // Nobody will answer.
  const raw = socket;
  const [[, id]] = (await eventually('the station is asked', () => {
    const calls = raw.calls('ClearCache');
    return calls.length > 0 && calls;
  })) as [[number, string]];
  const killed = system.service('command');
  killed.kill('SIGKILL');
  await killed.exited;

  await system.startService('command');
  const row = await eventually('the command has ended', async () => (await operator.rows('SELECT id, station, action, state, result FROM command WHERE finished_at IS NOT NULL'))[0], { timeoutMs: 30_000 });
  expect(row).toEqual({ id, station: 'SLOW', action: 'ClearCache', state: 'unknown', result: { type: 'none', reason: 'interrupted' } });
  // Its late answer changes nothing, and nobody asks again.
  socket.send(JSON.stringify([3, id, { status: 'Accepted' }]));
  expect(await operator.send('SLOW', 'ClearCache', {}, 1)).toMatchObject({ state: 'unknown', result: { reason: 'timeout' } });
  expect(socket.calls('ClearCache')).toHaveLength(2);
  expect(await operator.rows('SELECT state FROM command ORDER BY created_at')).toEqual([{ state: 'unknown' }, { state: 'unknown' }]);
}, 90_000);
