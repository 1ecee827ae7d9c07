import { beforeAll, expect, test } from '@jest/globals';
import type { SimulatedStation } from '@ohmnibus/simulator';
import { eventually } from '@ohmnibus/testkit';
import { assertInvariants } from '../invariants.js';
import { operator, stations, system, useSystem } from '../running.js';

type Body = Record<string, unknown>;
const id = 'RESERVED';
let station: SimulatedStation;

useSystem();
beforeAll(async () => {
  await operator.knows(id);
  await operator.accepts('GUEST', 'STRANGER');
  station = stations.make('gateway-1', { id, protocol: 'ocpp1.6', evses: 2 });
  await station.connect();
});

const get = async (path: string) => (await system.rest<Body>('GET', path)).body;
async function post(path: string, body: object): Promise<Body> {
  const answer = await system.rest<Body>('POST', path, body);
  expect([path, answer.status]).toEqual([path, path === '/charging-profiles' ? 201 : 200]);
  return answer.body;
}
const reserve = (evse: number, seconds: number) =>
  post(`/stations/${id}/reservations`, { token: 'GUEST', evse, expiresAt: new Date(Date.now() + seconds * 1000).toISOString() });
const reservationIs = (reservation: unknown, state: string) =>
  eventually(`reservation ${String(reservation)} is ${state}`, async () => (await get(`/reservations/${String(reservation)}`))['state'] === state);
const connectorIs = (evse: number, status: string) =>
  eventually(`EVSE ${evse} is known as ${status}`, async () => ((await get(`/stations/${id}`))['connectors'] as Body[]).some((each) => each['evse'] === evse && each['status'] === status));

test('a guest finds the reserved connector free, and nobody else can use it', async () => {
  const { state, reservation } = await reserve(1, 600);
  expect(state).toBe('accepted');
  await connectorIs(1, 'Reserved');
  expect(await reserve(1, 600)).toMatchObject({ state: 'rejected', result: { payload: { status: 'Occupied' } } });
  expect(await post(`/stations/${id}/start`, { token: 'STRANGER', evse: 1 })).toMatchObject({ state: 'rejected' });
  await station.startCharge({ evse: 1, token: 'GUEST' });
  await reservationIs(reservation, 'used');
  await station.unplug(1);
  await connectorIs(1, 'Available');
});

test('a guest who does not come loses the connector to time, on both sides', async () => {
  const { reservation } = await reserve(2, 5);
  await connectorIs(2, 'Reserved');
  await reservationIs(reservation, 'expired');
  await connectorIs(2, 'Available');
  expect(await get(`/reservations/${String(reservation)}`)).toMatchObject({ transaction: null, cancelledBy: null });
});

test('a limit of the catalogue holds from the start of a charge to its end', async () => {
  const { id: profile } = await post('/charging-profiles', {
    purpose: 'TxProfile',
    kind: 'Relative',
    schedules: [{ unit: 'W', periods: [{ startPeriod: 0, limit: 4_000 }, { startPeriod: 3_600, limit: 11_000 }] }],
  });
  const limits = async () => (await post(`/stations/${id}/composite-schedule`, { evse: 2, duration: 60, unit: 'W' }))['schedule'];
  const hardware = await limits();
  await post(`/stations/${id}/start`, { token: 'GUEST', evse: 2, chargingProfile: profile });
  await eventually('the car charges', () => station.status.get(2) === 'Charging');
  await eventually('the limit is known to be the transaction\'s', async () => ((await get(`/stations/${id}/charging-profiles`))['items'] as Body[]).some((each) => each['id'] === profile && each['transaction'] !== null));
  expect(await limits()).toMatchObject({ evse: 2, unit: 'W', periods: [{ startPeriod: 0, limit: 4_000 }] });
  await station.unplug(2);
  await eventually('the limit has ended with the charge', async () => ((await get(`/stations/${id}/charging-profiles`))['items'] as Body[]).length === 0);
  expect(await limits()).toMatchObject({ periods: (hardware as Body)['periods'] });
});

test('and the invariants hold', async () => {
  await assertInvariants(system, { acknowledged: stations.ledgers, frames: stations.recordings });
  expect(system.defects()).toEqual([]);
});
