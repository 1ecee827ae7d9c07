import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Payload } from '@ohmnibus/simulator';
import { eventually } from '@ohmnibus/testkit';
import { assertInvariants } from '../../invariants.js';
import type { Ledger } from '../../invariants/ledger.js';
import { Operator } from '../../operator.js';
import { System } from '../../system.js';
import { ChargePoint } from './charge-point.js';

const id = 'TC-RESERVE';
let system: System;
let operator: Operator;
let point: ChargePoint;
const facts: Ledger['facts'][number][] = [];

beforeAll(async () => {
  system = await System.start();
  operator = await Operator.of(system);
  await operator.knows(id);
  for (const [token, body] of Object.entries({ 'DRIVER': {}, 'PARTNER-1': { group: 'HOUSEHOLD' }, 'PARTNER-2': { group: 'HOUSEHOLD' } })) await system.rest('PUT', `/tokens/${token}`, body);
  point = await ChargePoint.boot(system.ocppUrl('gateway-2'), id);
}, 60_000);
afterAll(async () => {
  await point?.close();
  await operator?.close();
  await system?.stop();
}, 60_000);
beforeEach(() => {
  point.answers('ReserveNow', { status: 'Accepted' });
  point.answers('CancelReservation', { status: 'Accepted' });
});

interface Answered {
  readonly state: string;
  readonly reservation: number;
  readonly result: unknown;
}
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

async function reserve(body: object = {}): Promise<Answered> {
  const answer = await system.rest<Answered>('POST', `/stations/${id}/reservations`, { token: 'DRIVER', evse: 1, expiresAt: inAnHour(), ...body });
  expect(answer.status).toBe(200);
  return answer.body;
}
/** What the station was asked last. */
const asked = (action: string) => point.received(action).at(-1);
const record = async (reservation: number) => (await system.rest<Payload>('GET', `/reservations/${reservation}`)).body;
const stands = (reservation: number, state: string) => eventually(`reservation ${reservation} is ${state}`, async () => ((await record(reservation))['state'] === state ? record(reservation) : undefined));

/** What is answered is promised to be kept. */
async function tell(action: string, payload: Payload): Promise<Payload> {
  const result = await point.call(action, payload);
  facts.push({ action, payload, result });
  return result;
}

async function charge(connectorId: number, idTag: string, reservationId?: number): Promise<string> {
  const now = () => new Date().toISOString();
  const begun = await tell('StartTransaction', { connectorId, idTag, meterStart: 0, timestamp: now(), ...(reservationId !== undefined && { reservationId }) });
  expect(begun).toMatchObject({ transactionId: expect.any(Number), idTagInfo: { status: 'Accepted' } });
  const { transactionId } = begun;
  await point.status(connectorId, 'Charging');
  await tell('StopTransaction', { transactionId, meterStop: 10, timestamp: now(), reason: 'Local', idTag });
  await point.status(connectorId, 'Available');
  return String(transactionId);
}

test('TC_046: a reservation is used by the transaction that names it', async () => {
  const expiresAt = inAnHour();
  const { state, reservation } = await reserve({ expiresAt });
  expect(state).toBe('accepted');
  expect(asked('ReserveNow')).toEqual({ connectorId: 1, expiryDate: expiresAt, idTag: 'DRIVER', reservationId: reservation });
  await point.status(1, 'Reserved');
  expect(await record(reservation)).toMatchObject({ station: id, evse: 1, token: 'DRIVER', state: 'active', status: 'Accepted', expiresAt });
  await eventually('the connector is seen as reserved', async () => JSON.stringify((await system.rest('GET', `/stations/${id}`)).body['connectors']).includes('"status":"Reserved"'));
  const transaction = await charge(1, 'DRIVER', reservation);
  expect(await stands(reservation, 'used')).toMatchObject({ transaction });
  expect((await system.rest('GET', `/transactions/${transaction}`)).body).toMatchObject({ reservationId: reservation, token: 'DRIVER', open: false });
});

test('TC_047: a reservation that nobody uses expires by itself, without another message', async () => {
  const { reservation } = await reserve({ expiresAt: new Date(Date.now() + 1_500).toISOString() });
  await point.status(1, 'Reserved');
  const calls = point.received('CancelReservation').length;
  const { expiresAt } = await record(reservation);
  expect(await stands(reservation, 'expired')).toMatchObject({ endedAt: expiresAt, transaction: null });
  await point.status(1, 'Available');
  expect(point.received('CancelReservation')).toHaveLength(calls);
});

test.each([
  ['TC_048_1', 'Faulted'],
  ['TC_048_2', 'Occupied'],
  ['TC_048_3', 'Unavailable'],
  ['TC_048_4', 'Rejected'],
])('%s: a reservation that the station answers with %s is refused with that word', async (_case, status) => {
  point.answers('ReserveNow', { status });
  const answer = await reserve();
  expect(answer).toMatchObject({ state: 'rejected', result: { type: 'CALLRESULT', payload: { status } } });
  expect(asked('ReserveNow')).toMatchObject({ reservationId: answer.reservation });
  expect(await record(answer.reservation)).toMatchObject({ state: 'refused', status });
  expect((await system.rest('DELETE', `/reservations/${answer.reservation}`)).status).toBe(409);
});

test('TC_049: a reservation of the station is asked for at connector 0, and used at any', async () => {
  const { reservation } = await reserve({ evse: undefined });
  expect(asked('ReserveNow')).toMatchObject({ connectorId: 0, reservationId: reservation });
  const transaction = await charge(2, 'DRIVER', reservation);
  expect(await stands(reservation, 'used')).toMatchObject({ evse: 0, transaction });
});

test('TC_051: a reservation is cancelled', async () => {
  const { reservation } = await reserve();
  await point.status(1, 'Reserved');
  expect(await system.rest('DELETE', `/reservations/${reservation}`)).toMatchObject({ status: 200, body: { state: 'accepted', reservation } });
  expect(asked('CancelReservation')).toEqual({ reservationId: reservation });
  await point.status(1, 'Available');
  expect(await record(reservation)).toMatchObject({ state: 'cancelled', cancelledBy: 'operator', cancelStatus: 'Accepted' });
});

test('TC_052: a cancellation that the station rejects changes nothing but what is known of it', async () => {
  point.answers('CancelReservation', { status: 'Rejected' });
  const { reservation } = await reserve();
  expect(await system.rest('DELETE', `/reservations/${reservation}`)).toMatchObject({ status: 200, body: { state: 'rejected', result: { payload: { status: 'Rejected' } } } });
  expect(await record(reservation)).toMatchObject({ state: 'active', cancelStatus: 'Rejected', cancelledBy: null, endedAt: null });
  point.answers('CancelReservation', { status: 'Accepted' });
  await system.rest('DELETE', `/reservations/${reservation}`);
});

describe('TC_053: a reservation is used by another token of the same parent', () => {
  test('that the station knows by the parentIdTag', async () => {
    const { reservation } = await reserve({ token: 'PARTNER-1' });
    expect(asked('ReserveNow')).toMatchObject({ idTag: 'PARTNER-1', parentIdTag: 'HOUSEHOLD', reservationId: reservation });
    await point.status(1, 'Reserved');
    expect(await point.call('Authorize', { idTag: 'PARTNER-2' })).toEqual({ idTagInfo: { status: 'Accepted', parentIdTag: 'HOUSEHOLD' } });
    const transaction = await charge(1, 'PARTNER-2', reservation);
    expect(await stands(reservation, 'used')).toMatchObject({ token: 'PARTNER-1', transaction });
  });

  test('even if the station forgets to name the reservation', async () => {
    const { reservation } = await reserve({ token: 'PARTNER-1' });
    const transaction = await charge(1, 'PARTNER-2');
    expect(await stands(reservation, 'used')).toMatchObject({ transaction });
  });
});

test('a reservation that is asked for raw is kept under the id that its caller chose', async () => {
  const payload = { connectorId: 1, expiryDate: inAnHour(), idTag: 'DRIVER', reservationId: 990_001 };
  expect(await operator.send(id, 'ReserveNow', payload)).toMatchObject({ state: 'accepted' });
  expect(asked('ReserveNow')).toEqual(payload);
  expect(await record(990_001)).toMatchObject({ state: 'active', raw: true, evse: 1 });
  await operator.send(id, 'CancelReservation', { reservationId: 990_001 });
  expect(await record(990_001)).toMatchObject({ state: 'cancelled' });
});

test('and the invariants hold', async () => {
  await assertInvariants(system, { acknowledged: [{ station: id, facts }] });
  expect(system.defects()).toEqual([]);
}, 60_000);
