import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Protocol } from './dialect.js';
import { createStation } from './station.js';
import type { SimulatedStation } from './station.js';
import { eventually } from './test-support/eventually.js';
import { ManualClock } from './test-support/manual-clock.js';
import { TestCsms } from './test-support/test-csms.js';

let csms: TestCsms;
let clock: ManualClock;
let station: SimulatedStation;

beforeEach(async () => {
  csms = await TestCsms.listen();
  clock = new ManualClock();
});
afterEach(async () => {
  await station.disconnect();
  await csms.close();
});

async function connect(protocol: Protocol): Promise<void> {
  station = createStation({ url: csms.url, id: 'CP', protocol, clock, random: () => 0.5, reconnect: { minMs: 1_000, maxMs: 1_000 } });
  await station.connect();
}

const line = (idTag: string, more: object = {}) => ({ idTag, idTagInfo: { status: 'Accepted', ...more } });
const send = async (listVersion: number, updateType: string, localAuthorizationList?: object[]) =>
  (await csms.call('SendLocalList', { listVersion, updateType, ...(localAuthorizationList && { localAuthorizationList }) }))[2];
const version = async () => (await csms.call('GetLocalListVersion', {}))[2];

/** The station cannot reach the CSMS until the clock goes on. */
async function goOffline(): Promise<void> {
  csms.cut();
  await eventually('the station is offline', () => !station.connected);
}

test('a 1.6 station keeps a list and tells its version and its limits', async () => {
  await connect('ocpp1.6');
  expect(await version()).toEqual({ listVersion: 0 });
  expect(await send(5, 'Full', [line('A'), line('B')])).toEqual({ status: 'Accepted' });
  expect(await send(6, 'Differential', [{ idTag: 'A' }])).toEqual({ status: 'Accepted' });
  expect(await send(6, 'Differential')).toEqual({ status: 'VersionMismatch' });
  expect(await version()).toEqual({ listVersion: 6 });
  const { configurationKey } = (await csms.call('GetConfiguration', { key: ['SendLocalListMaxLength', 'LocalAuthListMaxLength', 'LocalAuthListEnabled'] }))[2] as { configurationKey: { value: string }[] };
  expect(configurationKey.map(({ value }) => value)).toEqual(['50', '1000', 'true']);
  expect((await csms.call('ChangeConfiguration', { key: 'LocalAuthListEnabled', value: 'false' }))[2]).toEqual({ status: 'Accepted' });
  expect([await version(), await send(7, 'Full')]).toEqual([{ listVersion: -1 }, { status: 'NotSupported' }]);
});

test('a 1.5 station keeps one too', async () => {
  csms.on('BootNotification', () => ({ status: 'Accepted', currentTime: new Date().toISOString(), heartbeatInterval: 300 }));
  await connect('ocpp1.5');
  expect((await csms.call('SendLocalList', { listVersion: 5, updateType: 'Full', localAuthorisationList: [line('A')], hash: 'x' }))[2]).toEqual({ status: 'Accepted' });
  expect(await version()).toEqual({ listVersion: 5 });
});

test('while it is offline the list decides who may charge, and what it does not know may', async () => {
  await connect('ocpp1.6');
  await send(1, 'Full', [line('GOOD'), line('BAD', { status: 'Blocked' }), line('OLD', { expiryDate: '2024-12-31T00:00:00Z' })]);
  expect((await station.startCharge({ evse: 1, token: 'BAD' })).authorization).toBe('Accepted');
  await station.stopCharge({ evse: 1 });
  await goOffline();
  await expect(station.startCharge({ evse: 1, token: 'bad' })).rejects.toThrow('Blocked');
  await expect(station.startCharge({ evse: 1, token: 'OLD' })).rejects.toThrow('Expired');
  for (const token of ['GOOD', 'STRANGER']) {
    expect(await station.startCharge({ evse: 1, token })).toMatchObject({ queued: true });
    await station.stopCharge({ evse: 1 });
  }
});

test('a charge is stopped by its own token or by one of its group', async () => {
  await connect('ocpp1.6');
  await send(1, 'Full', [line('COLLEAGUE', { parentIdTag: 'fleet' }), line('BLOCKED', { status: 'Blocked', parentIdTag: 'FLEET' }), line('OTHER', { parentIdTag: 'OTHERS' })]);
  csms.on('StartTransaction', () => ({ transactionId: 1, idTagInfo: { status: 'Accepted', parentIdTag: 'FLEET' } }));
  csms.on('Authorize', ({ payload }) => ({ idTagInfo: { status: 'Accepted', ...(payload['idTag'] === 'ASKED' && { parentIdTag: 'FLEET' }) } }));
  await station.startCharge({ evse: 1, token: 'DRIVER' });
  for (const token of ['BLOCKED', 'OTHER', 'STRANGER']) await expect(station.stopCharge({ evse: 1, token })).rejects.toThrow('may not stop');
  expect(csms.of('Authorize').map(({ payload }) => payload['idTag'])).toEqual(['STRANGER']);
  expect(csms.of('StopTransaction')).toEqual([]);
  await station.stopCharge({ evse: 1, token: 'COLLEAGUE' });
  await station.startCharge({ evse: 1, token: 'DRIVER' });
  await station.stopCharge({ evse: 1, token: 'ASKED' });
  await station.startCharge({ evse: 1, token: 'DRIVER' });
  await station.stopCharge({ evse: 1, token: 'driver' });
  expect(csms.of('StopTransaction').map(({ payload }) => payload['idTag'])).toEqual(['COLLEAGUE', 'ASKED', 'driver']);
});

test('in 2.0.1 too', async () => {
  await connect('ocpp2.0.1');
  const groupIdToken = { idToken: 'FLEET', type: 'Central' };
  csms.on('TransactionEvent', () => ({ idTokenInfo: { status: 'Accepted', groupIdToken } }));
  csms.on('Authorize', () => ({ idTokenInfo: { status: 'Accepted', groupIdToken } }));
  await station.startCharge({ evse: 1, token: 'DRIVER' });
  await station.stopCharge({ evse: 1, token: 'COLLEAGUE' });
  expect(csms.of('TransactionEvent').at(-1)?.payload).toMatchObject({ eventType: 'Ended', idToken: { idToken: 'COLLEAGUE' } });
});
