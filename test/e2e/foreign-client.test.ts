import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { CommandAnswer } from '@ohmnibus/contracts';
import type { Acknowledged, Payload } from '@ohmnibus/simulator';
import { eventually } from '@ohmnibus/testkit';
import { RPCClient } from 'ocpp-rpc';
import { assertInvariants } from '../invariants.js';
import { operator, system, useSystem } from '../running.js';

const id = 'FOREIGN / 1';
const password = 'a password: with a colon';

let client: InstanceType<typeof RPCClient>;
/** Transaction messages that were answered. */
const acknowledged: Pick<Acknowledged, 'action' | 'payload' | 'result'>[] = [];
const asked: { readonly action: string; readonly payload: unknown }[] = [];

afterAll(async () => {
  await client?.close({ code: 1000 });
});
useSystem();
beforeAll(async () => {
  await operator.knowsWithPassword(id, password);
  await operator.accepts('DRIVER-1', 'DRIVER-2');
});

/** The client checks every frame of either direction against the official schemas. */
async function call(action: string, payload: Payload): Promise<Payload> {
  const result = (await client.call(action, payload)) as Payload;
  if (/Transaction$|^MeterValues$/.test(action)) acknowledged.push({ action, payload, result });
  return result;
}

const now = () => new Date().toISOString();
const accepted = { state: 'accepted', result: { type: 'CALLRESULT', payload: { status: 'Accepted' } } };

async function byRest(verb: string, body: object): Promise<CommandAnswer> {
  return (await system.rest<CommandAnswer>('POST', `/stations/${encodeURIComponent(id)}/${verb}`, body)).body;
}

/** What the charger was asked last. */
const asks = (action: string) => asked.filter((ask) => ask.action === action).map(({ payload }) => payload);

test('a client of others boots, tells its status and asks about a driver', async () => {
  client = new RPCClient({
    endpoint: system.ocppUrl('gateway-2'),
    identity: id,
    password,
    protocols: ['ocpp1.6'],
    strictMode: true,
    reconnect: false,
  } as ConstructorParameters<typeof RPCClient>[0]);
  for (const action of ['RemoteStartTransaction', 'RemoteStopTransaction']) {
    client.handle(action, ({ params }: { params?: unknown }) => {
      asked.push({ action, payload: params });
      return Promise.resolve({ status: 'Accepted' });
    });
  }
  await client.connect();
  expect(client.protocol).toBe('ocpp1.6');
  const boot = { chargePointVendor: 'Foreign', chargePointModel: 'One' };
  expect(await call('BootNotification', boot)).toMatchObject({ status: 'Accepted', interval: expect.any(Number) });
  for (const connectorId of [0, 1]) await call('StatusNotification', { connectorId, errorCode: 'NoError', status: 'Available', timestamp: now() });
  expect(await call('Authorize', { idTag: 'driver-1' })).toEqual({ idTagInfo: { status: 'Accepted' } });
  expect(await call('Authorize', { idTag: 'nobody' })).toEqual({ idTagInfo: { status: 'Invalid' } });
  expect(Math.abs(Date.parse(String((await call('Heartbeat', {}))['currentTime'])) - Date.now())).toBeLessThan(5_000);
  expect(await call('DataTransfer', { vendorId: 'nobody' })).toMatchObject({ status: 'UnknownVendorId' });
});

test.each(['REST', 'NATS'] as const)('it charges, started and stopped by %s', async (way) => {
  const idTag = way === 'REST' ? 'DRIVER-1' : 'DRIVER-2';
  const started = way === 'REST' ? byRest('start', { token: idTag, evse: 1 }) : operator.start(id, idTag, 1);
  expect(await started).toMatchObject(accepted);
  expect(asks('RemoteStartTransaction').at(-1)).toEqual({ idTag, connectorId: 1 });
  const begin = await call('StartTransaction', { connectorId: 1, idTag, meterStart: 100, timestamp: now() });
  expect(begin).toEqual({ transactionId: expect.any(Number), idTagInfo: { status: 'Accepted' } });
  const { transactionId } = begin;
  for (const value of ['150', '0.2']) {
    const sampledValue = [{ value, unit: value === '150' ? 'Wh' : 'kWh', context: 'Sample.Periodic' }];
    expect(await call('MeterValues', { connectorId: 1, transactionId, meterValue: [{ timestamp: now(), sampledValue }] })).toEqual({});
  }
  const stopped = way === 'REST' ? byRest('stop', { transaction: String(transactionId) }) : operator.stop(id, String(transactionId));
  expect(await stopped).toMatchObject(accepted);
  expect(asks('RemoteStopTransaction').at(-1)).toEqual({ transactionId });
  expect(await call('StopTransaction', { transactionId, meterStop: 250, timestamp: now(), reason: 'Remote' })).toEqual({});
  const { body } = await system.rest('GET', `/transactions/${String(transactionId)}`);
  expect(body).toMatchObject({ station: id, token: idTag, startWh: 100, endWh: 250, energyWh: 150, open: false, endKind: 'reported', stopReason: 'Remote', flags: [] });
  const samples = await system.rest<{ items: { values: { value: number }[] }[] }>('GET', `/transactions/${String(transactionId)}/samples`);
  expect(samples.body.items.map(({ values }) => values[0]?.value)).toEqual([100, 150, 200, 250]);
});

test('a refused driver gets a number all the same, and the charger ends it', async () => {
  const begin = await call('StartTransaction', { connectorId: 1, idTag: 'STRANGER', meterStart: 250, timestamp: now() });
  expect(begin).toEqual({ transactionId: expect.any(Number), idTagInfo: { status: 'Invalid' } });
  const { transactionId } = begin;
  expect(await call('StopTransaction', { transactionId, meterStop: 250, timestamp: now(), reason: 'DeAuthorized' })).toEqual({});
  expect((await system.rest('GET', `/transactions/${String(transactionId)}`)).body).toMatchObject({ authorization: 'Invalid', flags: ['token-refused'] });
});

test('its password is asked for, and the wrong one refused', async () => {
  const wrong = new RPCClient({ endpoint: system.ocppUrl('gateway-1'), identity: id, password: 'not the password', protocols: ['ocpp1.6'], reconnect: false } as ConstructorParameters<typeof RPCClient>[0]);
  await expect(wrong.connect()).rejects.toMatchObject({ code: 401 });
  await eventually('the charger is still online', async () => (await system.rest('GET', `/stations/${encodeURIComponent(id)}/connection`)).body['online'] === true);
});

test('and the invariants hold', async () => {
  await assertInvariants(system, { acknowledged: [{ station: id, facts: acknowledged }] });
  expect(system.defects()).toEqual([]);
});
