import { beforeAll, expect, test } from '@jest/globals';
import type { Payload, SimulatedStation } from '@ohmnibus/simulator';
import { eventually } from '@ohmnibus/testkit';
import { assertInvariants } from '../invariants.js';
import { operator, stations, system, useSystem } from '../running.js';

const id = 'OLDER';
let station: SimulatedStation;

useSystem();
beforeAll(async () => {
  await operator.knows(id);
  for (const token of ['DRIVER', 'OTHER']) await system.rest('PUT', `/tokens/${token}`, { group: 'FLEET' });
  station = stations.make('gateway-1', { id, protocol: 'ocpp1.5', evses: 2 });
  await station.connect();
});

async function order(path: string, body: Payload): Promise<Payload> {
  const answer = await system.rest<Payload>('POST', `/stations/${id}/${path}`, body);
  expect({ path, status: answer.status, body: answer.body }).toMatchObject({ path, status: 200 });
  return answer.body;
}
const look = async (path: string) => (await system.rest<Payload>('GET', `/stations/${id}${path}`)).body;

/** Payloads of the CALLs of this name that came over the wire. */
function asked(action: string): Payload[] {
  const calls = stations.framesOf(station).map(({ direction, text }) => ({ direction, frame: JSON.parse(text) as [number, string, string, Payload] }));
  return calls.filter(({ direction, frame: [type, , name] }) => direction === 'received' && type === 2 && name === action).map(({ frame }) => frame[3]);
}

test('a 1.5 station is known by its version', async () => {
  expect(await look('')).toMatchObject({ online: true, protocol: 'v15', registration: 'Accepted' });
  const frames = async () => ((await look('/messages?limit=50')) as { items: Payload[] }).items;
  await eventually('its boot is in the message log', async () => (await frames()).some(({ protocol, action }) => protocol === 'v15' && action === 'BootNotification'));
  const { body } = await system.rest<{ items: Payload[] }>('GET', '/stations?protocol=v15');
  expect(body.items).toMatchObject([{ id }]);
});

test('its configuration is read, and a key of its own is changed', async () => {
  await order('configuration/refresh', {});
  const { status, body } = await system.rest('PUT', `/stations/${id}/configuration/LightIntensity`, { value: '50' });
  expect({ status, body }).toMatchObject({ status: 200 });
  expect(asked('ChangeConfiguration')).toContainEqual({ key: 'LightIntensity', value: '50' });
  await order('commands', { action: 'GetConfiguration', payload: { key: ['LightIntensity'] } });
  expect(JSON.stringify(await look('/configuration'))).toMatch(/LightIntensity[^}]*"50"/);
});

test('its local list is sent in its own spelling, and believed to be there', async () => {
  expect(await order('local-list/sync', { update: 'full' })).toMatchObject({ state: 'accepted' });
  const line = (idTag: string) => ({ idTag, idTagInfo: { status: 'Accepted', parentIdTag: 'FLEET' } });
  expect(asked('SendLocalList').at(-1)).toEqual({ updateType: 'Full', listVersion: expect.any(Number), localAuthorisationList: [line('DRIVER'), line('OTHER')] });
  expect(await look('/local-list')).toMatchObject({ entries: [{}, {}] });
});

test('a reservation is kept for its driver and used up by the charge', async () => {
  const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
  const { reservation, state } = await order('reservations', { token: 'DRIVER', evse: 2, expiresAt });
  expect(state).toBe('accepted');
  expect(asked('ReserveNow')).toEqual([{ connectorId: 2, expiryDate: expiresAt, idTag: 'DRIVER', parentIdTag: 'FLEET', reservationId: reservation }]);
  expect(await order('start', { token: 'DRIVER', evse: 2 })).toMatchObject({ state: 'accepted' });
  await eventually('the reservation is used', async () => (await system.rest('GET', `/reservations/${String(reservation)}`)).body['state'] === 'used');
  const { items } = (await system.rest<{ items: Payload[] }>('GET', `/transactions?station=${id}&open=true`)).body;
  expect(await order('stop', { transaction: items[0]!['id'] })).toMatchObject({ state: 'accepted' });
});

test('a connector is unlocked with its yes', async () => {
  expect(await order('commands', { action: 'UnlockConnector', payload: { connectorId: 1 } })).toMatchObject({ state: 'accepted', result: { payload: { status: 'Accepted' } } });
});

test('what 1.5 has no words for is refused, and never written to the station', async () => {
  const profile = { purpose: 'TxProfile', kind: 'Relative', stackLevel: 0, schedules: [{ unit: 'A', periods: [{ startPeriod: 0, limit: 10 }] }] };
  const { status, body } = await system.rest<Payload>('POST', '/charging-profiles', profile);
  expect({ status, body }).toMatchObject({ status: 201 });
  for (const [path, request] of Object.entries({ trigger: { message: 'Heartbeat' }, start: { token: 'DRIVER', evse: 1, chargingProfile: body['id'] } })) {
    expect(await order(path, request)).toMatchObject({ state: 'failed', result: { type: 'none', reason: 'unsupported' } });
  }
  expect(asked('TriggerMessage')).toEqual([]);
  expect(asked('RemoteStartTransaction')).toHaveLength(1);
});

test('and the invariants hold', async () => {
  await assertInvariants(system, { acknowledged: stations.ledgers, frames: stations.recordings });
  expect(system.defects()).toEqual([]);
});
