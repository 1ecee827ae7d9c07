import { afterAll, expect, test } from '@jest/globals';
import type { Payload } from '@ohmnibus/simulator';
import { eventually } from '@ohmnibus/testkit';
import { operator, system, useSystem } from '../../running.js';
import { ChargePoint } from './charge-point.js';

const points: ChargePoint[] = [];

afterAll(async () => {
  await Promise.all(points.map((point) => point.close()));
});
useSystem({ env: { session: { ON_BOOT_CONFIGURATION: 'off', PENDING_RETRY_SECONDS: '7', HEARTBEAT_SECONDS: '120' } } });

const rest = async (method: string, path: string, body?: object): Promise<Payload> => (await system.rest(method, `/stations/${path}`, body)).body;
const bootPayload = { chargePointVendor: 'Cert', chargePointModel: 'CP16', firmwareVersion: '1.0' };
const stored = async (id: string) => (await operator.rows('SELECT registration, vendor, model, firmware_version, booted_at FROM station WHERE id = $1', id))[0];
const keysOf = async (id: string) => Object.fromEntries((await operator.rows<{ variable: string; value: string }>('SELECT variable, value FROM configuration_key WHERE station = $1', id)).map(({ variable, value }) => [variable, value]));

async function connected(id: string): Promise<ChargePoint> {
  const point = await ChargePoint.connect(system.ocppUrl('gateway-1'), id);
  points.push(point);
  return point;
}

/** A station with these keys; what it is asked to change it changes, unless the test says otherwise. */
async function configured(id: string, keys: Record<string, string>, refusal?: 'NotSupported' | 'Rejected'): Promise<ChargePoint> {
  await operator.knows(id);
  const point = await connected(id);
  point.answers('GetConfiguration', (request) => {
    const asked = (request['key'] as string[] | undefined) ?? Object.keys(keys);
    const unknownKey = asked.filter((key) => !(key in keys));
    return {
      configurationKey: asked.filter((key) => key in keys).map((key) => ({ key, readonly: false, value: keys[key]! })),
      ...(unknownKey.length > 0 && { unknownKey }),
    };
  });
  point.answers('ChangeConfiguration', (request) => {
    if (refusal) return { status: refusal };
    keys[String(request['key'])] = String(request['value']);
    return { status: 'Accepted' };
  });
  expect(await point.call('BootNotification', bootPayload)).toMatchObject({ status: 'Accepted' });
  return point;
}

test('TC_001 a cold boot is accepted, told the interval and the time, and followed by the states of all connectors', async () => {
  await operator.knows('TC-001');
  const point = await connected('TC-001');
  const answer = await point.call('BootNotification', bootPayload);
  expect(answer).toEqual({ status: 'Accepted', interval: 120, currentTime: expect.any(String) });
  expect(Math.abs(Date.parse(String(answer['currentTime'])) - Date.now())).toBeLessThan(5_000);
  for (const connectorId of [0, 1, 2]) expect(await point.status(connectorId, 'Available')).toEqual({});
  expect(await point.call('Heartbeat', {})).toEqual({ currentTime: expect.any(String) });
  expect(await stored('TC-001')).toMatchObject({ registration: 'Accepted', vendor: 'Cert', model: 'CP16', firmware_version: '1.0' });
  expect(await operator.rows('SELECT evse, status FROM connector WHERE station = $1 ORDER BY evse', 'TC-001')).toEqual([0, 1, 2].map((evse) => ({ evse, status: 'Available' })));
});

test('TC_001 a cold boot is pending first: the station is configured, asked to boot again, and then accepted', async () => {
  const id = 'TC-001-P';
  await operator.knows(id);
  await rest('PUT', `${id}/settings`, { bootPolicy: 'pending' });
  const point = await connected(id);
  point.answers('GetConfiguration', { configurationKey: [{ key: 'HeartbeatInterval', readonly: false, value: '60' }] });
  point.answers('TriggerMessage', { status: 'Accepted' });
  point.answers('RemoteStartTransaction', { status: 'Accepted' });
  expect(await point.call('BootNotification', bootPayload)).toEqual({ status: 'Pending', interval: 7, currentTime: expect.any(String) });
  expect(await stored(id)).toMatchObject({ registration: 'Pending' });

  // Anything else than a boot is a SecurityError, and leaves nothing behind.
  await expect(point.status(1, 'Available')).rejects.toMatchObject({ rpcErrorCode: 'SecurityError' });
  await expect(point.call('Heartbeat', {})).rejects.toMatchObject({ rpcErrorCode: 'SecurityError' });
  await expect(point.call('StartTransaction', { connectorId: 1, idTag: 'A', meterStart: 0, timestamp: new Date().toISOString() })).rejects.toMatchObject({ rpcErrorCode: 'SecurityError' });
  expect(await operator.rows('SELECT 1 FROM connector WHERE station = $1 UNION ALL SELECT 1 FROM transaction WHERE station = $1', id)).toEqual([]);

  // It may be read and triggered, and is not asked for a charge.
  expect(await rest('POST', `${id}/configuration/refresh`, {})).toMatchObject({ state: 'accepted' });
  expect(await rest('POST', `${id}/start`, { token: 'A', evse: 1 })).toMatchObject({ state: 'failed', result: { type: 'none', reason: 'not-accepted' } });
  expect(point.received('RemoteStartTransaction')).toEqual([]);

  await rest('POST', `${id}/approve`, {});
  expect(await point.whenReceived('TriggerMessage')).toEqual({ requestedMessage: 'BootNotification' });
  expect(await point.call('BootNotification', bootPayload)).toMatchObject({ status: 'Accepted', interval: 120 });
  expect(await point.status(1, 'Available')).toEqual({});
  expect(await rest('POST', `${id}/start`, { token: 'A', evse: 1 })).toMatchObject({ state: 'accepted' });
});

test('TC_001 a cold boot is rejected: nothing is served, and nothing is asked of the station', async () => {
  const id = 'TC-001-R';
  await operator.knows(id);
  await rest('PUT', `${id}/settings`, { bootPolicy: 'reject' });
  const point = await connected(id);
  expect(await point.call('BootNotification', bootPayload)).toMatchObject({ status: 'Rejected', interval: 7 });
  await expect(point.call('Heartbeat', {})).rejects.toMatchObject({ rpcErrorCode: 'SecurityError' });
  expect(await rest('POST', `${id}/configuration/refresh`, {})).toMatchObject({ state: 'failed', parts: [{ reason: 'not-accepted' }] });
  expect(point.actions.filter((action) => action === 'GetConfiguration')).toEqual([]);
});

test('a station that merely reconnects is as accepted as before, on whatever gateway', async () => {
  await points.find(({ id }) => id === 'TC-001')!.close();
  const point = await ChargePoint.connect(system.ocppUrl('gateway-2'), 'TC-001');
  points.push(point);
  expect(await point.call('Heartbeat', {})).toEqual({ currentTime: expect.any(String) });
});

test('a new station is asked nothing before its first boot is answered', async () => {
  await operator.knows('TC-FRESH');
  const point = await connected('TC-FRESH');
  point.answers('ClearCache', { status: 'Accepted' });
  await eventually('it is connected', async () => (await rest('GET', 'TC-FRESH/connection'))['online'] === true);
  const asked = rest('POST', 'TC-FRESH/commands', { action: 'ClearCache', payload: {} });
  await point.call('BootNotification', bootPayload);
  expect(await asked).toMatchObject({ state: 'accepted' });
  const calls = point.frames.filter(({ sent, frame }) => sent ? frame[0] === 2 : true).map(({ sent, frame: [type, , name] }) => (sent || type === 2 ? name : 'answer'));
  expect(calls).toEqual(['BootNotification', 'answer', 'ClearCache']);
});

test('TC_019_1 all configuration keys are read', async () => {
  const point = await configured('TC-019-1', { HeartbeatInterval: '300', NumberOfConnectors: '2', AuthorizationKey: 'never-to-be-stored' });
  expect(await rest('POST', 'TC-019-1/configuration/refresh', {})).toMatchObject({ state: 'accepted' });
  expect(point.received('GetConfiguration')).toEqual([{}]);
  expect(await keysOf('TC-019-1')).toEqual({ HeartbeatInterval: '300', NumberOfConnectors: '2', AuthorizationKey: null });
  expect(await operator.rows(`SELECT firmware_version FROM configuration_snapshot WHERE station = 'TC-019-1'`)).toEqual([{ firmware_version: '1.0' }]);
});

test('TC_019_2 one configuration key is read', async () => {
  const point = await configured('TC-019-2', { SupportedFeatureProfiles: 'Core' });
  expect(await rest('POST', 'TC-019-2/configuration/refresh', { keys: ['SupportedFeatureProfiles'] })).toMatchObject({ state: 'accepted' });
  expect(point.received('GetConfiguration')).toEqual([{ key: ['SupportedFeatureProfiles'] }]);
  expect(await keysOf('TC-019-2')).toEqual({ SupportedFeatureProfiles: 'Core' });
});

test('TC_021 a configuration key is changed', async () => {
  const point = await configured('TC-021', { MeterValueSampleInterval: '60' });
  expect(await rest('PUT', 'TC-021/configuration/MeterValueSampleInterval', { value: '10' })).toMatchObject({ state: 'accepted', keys: [{ key: 'MeterValueSampleInterval', status: 'Accepted' }] });
  expect(point.received('ChangeConfiguration')).toEqual([{ key: 'MeterValueSampleInterval', value: '10' }]);
  expect(await keysOf('TC-021')).toEqual({ MeterValueSampleInterval: '10' });
});

test.each([
  ['TC_040_1', 'NotSupported', 'a key that the station does not know'],
  ['TC_040_2', 'Rejected', 'a value that the station does not take'],
] as const)('%s %s tells of %s', async (name, status, _what) => {
  const id = name.replaceAll('_', '-');
  const point = await configured(id, { MeterValueSampleInterval: '60' }, status);
  await rest('POST', `${id}/configuration/refresh`, {});
  const key = status === 'NotSupported' ? 'Nonsense' : 'MeterValueSampleInterval';
  expect(await rest('PUT', `${id}/configuration/${key}`, { value: '-1' })).toMatchObject({ state: 'rejected', keys: [{ key, state: 'rejected', status }] });
  expect(point.received('ChangeConfiguration')).toEqual([{ key, value: '-1' }]);
  expect(await keysOf(id)).toMatchObject({ MeterValueSampleInterval: '60', ...(status === 'NotSupported' && { Nonsense: null }) });
  expect(await operator.rows('SELECT known FROM configuration_key WHERE station = $1 AND key = $2', id, key.toLowerCase())).toEqual([{ known: status !== 'NotSupported' }]);
});

test('and no process told of a defect', () => {
  expect(system.defects()).toEqual([]);
});
