import { afterAll, expect, test } from '@jest/globals';
import { eventually } from '@ohmnibus/testkit';
import { RawSocket, refusal } from '../raw-socket.js';
import { operator, system, useSystem } from '../running.js';

const sockets: RawSocket[] = [];
const boot = { chargePointVendor: 'Quirky', chargePointModel: 'One' };
const now = () => new Date().toISOString();

afterAll(async () => {
  await Promise.all(sockets.map((socket) => socket.close()));
});
useSystem();

const url = (id: string) => `${system.ocppUrl('gateway-1')}/${id}`;
async function open(id: string, protocols: readonly string[] = ['ocpp1.6']): Promise<RawSocket> {
  const socket = await RawSocket.open(url(id), { protocols });
  sockets.push(socket);
  return socket;
}
const put = async (path: string, body: object) => expect((await system.rest('PUT', path, body)).status).toBeLessThan(300);

test('a newcomer is unknown until its tenant says otherwise, queues, is approved over REST, and charges', async () => {
  expect(await refusal(url('NEW'))).toBe(404);
  await put('/settings', { newcomers: 'queue' });
  const socket = await eventually('the newcomer is let in', () => open('NEW').catch(() => undefined));
  expect((await socket.call('BootNotification', boot))[2]).toMatchObject({ status: 'Pending' });
  expect((await socket.call('Heartbeat', {}))[2]).toBe('SecurityError');
  expect((await system.rest<{ items: object[] }>('GET', '/newcomers')).body.items).toMatchObject([{ id: 'NEW', vendor: 'Quirky', online: true, approval: 'waiting' }]);
  await system.rest('POST', '/stations/NEW/approve', {});
  await eventually('its boot is triggered', () => socket.calls('TriggerMessage')[0]);
  expect((await socket.call('BootNotification', boot))[2]).toMatchObject({ status: 'Accepted' });
  expect((await socket.call('StartTransaction', { connectorId: 1, idTag: 'A', meterStart: 0, timestamp: now() }))[0]).toBe(3);
  expect((await system.rest<{ items: object[] }>('GET', '/newcomers')).body.items).toEqual([]);
});

test('a newcomer that is refused loses its connection and is unknown from then on', async () => {
  const socket = await open('UNWANTED');
  await system.rest('POST', '/stations/UNWANTED/refuse', {});
  expect(await socket.whenClosed()).toBe(1008);
  expect(await refusal(url('UNWANTED'))).toBe(404);
});

test('a station that forgets to name its version is let in once somebody has said what it speaks', async () => {
  await operator.knows('SILENT');
  expect(await refusal(url('SILENT'), { protocols: [] })).toBe(400);
  await put('/stations/SILENT/settings', { assumedProtocol: 'v16' });
  const socket = await open('SILENT', []);
  expect(socket.protocol).toBe('');
  expect((await socket.call('BootNotification', boot))[2]).toMatchObject({ status: 'Accepted' });
  expect((await socket.call('Heartbeat', {}))[0]).toBe(3);
});

test('a make that bends the rules is understood from the boot on that tells it, and no other is', async () => {
  await put('/quirk-profiles/quirky', { vendor: 'Quirky', quirks: { accepts: ['other-words', 'numbers-as-text'], energyFactors: { Wh: 1000, register: 1000 } } });
  await operator.knows('ODD', 'EVEN');
  const [odd, even] = [await open('ODD'), await open('EVEN')];
  // The other session process hears of the profile a moment later; here there is one.
  expect((await odd.call('BootNotification', boot))[0]).toBe(3);
  expect((await even.call('BootNotification', { ...boot, chargePointVendor: 'Plain' }))[0]).toBe(3);
  const status = { connectorId: 1, errorCode: 'NoError', status: 'charging' };
  expect((await even.call('StatusNotification', status))[0]).toBe(4);
  expect((await odd.call('StatusNotification', status))[0]).toBe(3);
  const [, , begun] = await odd.call('StartTransaction', { connectorId: '1', idTag: 'A', meterStart: 10, timestamp: now() });
  const { transactionId } = begun as { transactionId: number };
  const meterValue = [{ timestamp: now(), sampledValue: [{ value: '11.5', unit: 'Wh' }] }];
  expect((await odd.call('MeterValues', { connectorId: 1, transactionId, meterValue }))[0]).toBe(3);
  expect((await odd.call('StopTransaction', { transactionId, meterStop: 12, timestamp: now() }))[0]).toBe(3);
  const { body } = await system.rest('GET', `/transactions/${transactionId}`);
  expect(body).toMatchObject({ startWh: 10_000, endWh: 12_000, energyWh: 2_000 });
  expect(await operator.rows('SELECT register_wh FROM sample WHERE transaction = $1 AND register_wh = 11500', transactionId)).toHaveLength(1);
});

test('its quirks hold when it merely reconnects, on another gateway as well', async () => {
  const socket = await RawSocket.open(`${system.ocppUrl('gateway-2')}/ODD`);
  sockets.push(socket);
  expect((await socket.call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'available' }))[0]).toBe(3);
});

test('nothing is asked of a make that has to settle, and then no faster than it likes', async () => {
  await put('/quirk-profiles/slow', { vendor: 'Slow', quirks: { settleSeconds: 1, pacingMs: 400 } });
  await operator.knows('SLOW');
  const socket = await open('SLOW');
  const boots = performance.now();
  await socket.call('BootNotification', { ...boot, chargePointVendor: 'Slow' });
  const asked = [1, 2].map(() => operator.send('SLOW', 'ClearCache', {}));
  const heard: number[] = [];
  for (const nth of [1, 2]) {
    await eventually(`call number ${nth} comes`, () => socket.calls('ClearCache')[nth - 1]);
    heard.push(performance.now() - boots);
    socket.send(JSON.stringify([3, socket.calls('ClearCache')[nth - 1]![1], { status: 'Accepted' }]));
  }
  // Both from before the boot: what is heard late on a busy machine says nothing of what is asked too early. Timers are a little short at times.
  expect(heard[0]!).toBeGreaterThan(1_000 - 10);
  expect(heard[1]!).toBeGreaterThan(1_000 + 400 - 10);
  expect((await Promise.all(asked)).map(({ state }) => state)).toEqual(['accepted', 'accepted']);
});

test('and no process told of a defect', () => {
  expect(system.defects()).toEqual([]);
});
