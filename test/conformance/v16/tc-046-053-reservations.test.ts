import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Payload } from '@ohmnibus/simulator';
import { eventually } from '@ohmnibus/testkit';
import { bootedStation, driver, invariantsHold, operator, system, useCentralSystem } from './certification.js';
import { now, type CertifiedStation } from './certified-station.js';

const id = 'TC-RESERVE';
let station: CertifiedStation;

useCentralSystem();
beforeAll(async () => {
  for (const [token, body] of Object.entries({ 'PARTNER-1': { group: 'HOUSEHOLD' }, 'PARTNER-2': { group: 'HOUSEHOLD' } })) await system.rest('PUT', `/tokens/${token}`, body);
  station = await bootedStation(id);
});
beforeEach(() => {
  station.answer('ReserveNow', { status: 'Accepted' });
  station.answer('CancelReservation', { status: 'Accepted' });
});

interface Answered {
  readonly state: string;
  readonly reservation: number;
  readonly result: unknown;
}
const inAnHour = () => new Date(Date.now() + 3_600_000).toISOString();

async function reserve(body: object = {}): Promise<Answered> {
  const answer = await system.rest<Answered>('POST', `/stations/${id}/reservations`, { token: driver, evse: 1, expiresAt: inAnHour(), ...body });
  expect(answer.status).toBe(200);
  return answer.body;
}
/** What the station was asked last. */
const asked = (action: string) => station.asks(action).at(-1);
const record = async (reservation: number) => (await system.rest<Payload>('GET', `/reservations/${reservation}`)).body;
const stands = (reservation: number, state: string) => eventually(`reservation ${reservation} is ${state}`, async () => ((await record(reservation))['state'] === state ? record(reservation) : undefined));

async function charge(connectorId: number, idTag: string, reservationId?: number): Promise<string> {
  const begun = await station.call('StartTransaction', { connectorId, idTag, meterStart: 0, timestamp: now(), ...(reservationId !== undefined && { reservationId }) });
  expect(begun).toMatchObject({ transactionId: expect.any(Number), idTagInfo: { status: 'Accepted' } });
  const { transactionId } = begun;
  await station.status('Charging', { connectorId });
  await station.call('StopTransaction', { transactionId, meterStop: 10, timestamp: now(), reason: 'Local', idTag });
  await station.status('Available', { connectorId });
  return String(transactionId);
}

test('TC_046: a reservation is used by the transaction that names it', async () => {
  const expiresAt = inAnHour();
  const { state, reservation } = await reserve({ expiresAt });
  expect(state).toBe('accepted');
  expect(asked('ReserveNow')).toEqual({ connectorId: 1, expiryDate: expiresAt, idTag: driver, reservationId: reservation });
  await station.status('Reserved');
  expect(await record(reservation)).toMatchObject({ station: id, evse: 1, token: driver, state: 'active', status: 'Accepted', expiresAt });
  await eventually('the connector is seen as reserved', async () => JSON.stringify((await system.rest('GET', `/stations/${id}`)).body['connectors']).includes('"status":"Reserved"'));
  const transaction = await charge(1, driver, reservation);
  expect(await stands(reservation, 'used')).toMatchObject({ transaction });
  expect((await system.rest('GET', `/transactions/${transaction}`)).body).toMatchObject({ reservationId: reservation, token: driver, open: false });
});

test('TC_047: a reservation that nobody uses expires by itself, without another message', async () => {
  const { reservation } = await reserve({ expiresAt: new Date(Date.now() + 4_000).toISOString() });
  await station.status('Reserved');
  const calls = station.asks('CancelReservation').length;
  const { expiresAt } = await record(reservation);
  expect(await stands(reservation, 'expired')).toMatchObject({ endedAt: expiresAt, transaction: null });
  await station.status('Available');
  expect(station.asks('CancelReservation')).toHaveLength(calls);
});

test.each([
  ['TC_048_1', 'Faulted'],
  ['TC_048_2', 'Occupied'],
  ['TC_048_3', 'Unavailable'],
  ['TC_048_4', 'Rejected'],
])('%s: a reservation that the station answers with %s is refused with that word', async (_case, status) => {
  station.answer('ReserveNow', { status });
  const answer = await reserve();
  expect(answer).toMatchObject({ state: 'rejected', result: { type: 'CALLRESULT', payload: { status } } });
  expect(asked('ReserveNow')).toMatchObject({ reservationId: answer.reservation });
  expect(await record(answer.reservation)).toMatchObject({ state: 'refused', status });
  expect((await system.rest('DELETE', `/reservations/${answer.reservation}`)).status).toBe(409);
});

test('TC_049: a reservation of the station is asked for at connector 0, and used at any', async () => {
  const { reservation } = await reserve({ evse: undefined });
  expect(asked('ReserveNow')).toMatchObject({ connectorId: 0, reservationId: reservation });
  const transaction = await charge(2, driver, reservation);
  expect(await stands(reservation, 'used')).toMatchObject({ evse: 0, transaction });
});

test('TC_051: a reservation is cancelled', async () => {
  const { reservation } = await reserve();
  await station.status('Reserved');
  expect(await system.rest('DELETE', `/reservations/${reservation}`)).toMatchObject({ status: 200, body: { state: 'accepted', reservation } });
  expect(asked('CancelReservation')).toEqual({ reservationId: reservation });
  await station.status('Available');
  expect(await record(reservation)).toMatchObject({ state: 'cancelled', cancelledBy: 'operator', cancelStatus: 'Accepted' });
});

test('TC_052: a cancellation that the station rejects changes nothing but what is known of it', async () => {
  station.answer('CancelReservation', { status: 'Rejected' });
  const { reservation } = await reserve();
  expect(await system.rest('DELETE', `/reservations/${reservation}`)).toMatchObject({ status: 200, body: { state: 'rejected', result: { payload: { status: 'Rejected' } } } });
  expect(await record(reservation)).toMatchObject({ state: 'active', cancelStatus: 'Rejected', cancelledBy: null, endedAt: null });
  station.answer('CancelReservation', { status: 'Accepted' });
  await system.rest('DELETE', `/reservations/${reservation}`);
});

describe('TC_053: a reservation is used by another token of the same parent', () => {
  test('that the station knows by the parentIdTag', async () => {
    const { reservation } = await reserve({ token: 'PARTNER-1' });
    expect(asked('ReserveNow')).toMatchObject({ idTag: 'PARTNER-1', parentIdTag: 'HOUSEHOLD', reservationId: reservation });
    await station.status('Reserved');
    expect(await station.call('Authorize', { idTag: 'PARTNER-2' })).toEqual({ idTagInfo: { status: 'Accepted', parentIdTag: 'HOUSEHOLD' } });
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
  const payload = { connectorId: 1, expiryDate: inAnHour(), idTag: driver, reservationId: 990_001 };
  expect(await operator.send(id, 'ReserveNow', payload)).toMatchObject({ state: 'accepted' });
  expect(asked('ReserveNow')).toEqual(payload);
  expect(await record(990_001)).toMatchObject({ state: 'active', raw: true, evse: 1 });
  await operator.send(id, 'CancelReservation', { reservationId: 990_001 });
  expect(await record(990_001)).toMatchObject({ state: 'cancelled' });
});

invariantsHold();
