import { describe, expect, test } from '@jest/globals';
import { cancelReservationCommand, reserveCommand, type GatewayCallOutcome, type ReserveAnswer } from '@ohmnibus/contracts';
import { eventually, waitingEvents } from '@ohmnibus/testkit';
import { accepting, bus, connect, database, fresh, pod, rejection, result, send, tenant, useCommandService } from '../command-fixture.js';

useCommandService();

const soon = (seconds = 600) => new Date(Date.now() + seconds * 1000).toISOString();
const reserve = (station: string, more: object = {}): Promise<ReserveAnswer> =>
  bus.ask(reserveCommand, {}, { tenant, station, token: 'TaG-1', evse: 1, expiresAt: soon(), timeoutSeconds: 5, ...more });
const cancel = (station: string, reservation: number, more: object = {}) =>
  bus.ask(cancelReservationCommand, {}, { tenant, station, reservation, timeoutSeconds: 5, ...more });
const rowOf = (station: string, id: number) => database.prisma.reservation.findUniqueOrThrow({ where: { tenant_station_id: { tenant, station, id } } });
const stateReached = (station: string, id: number, state: string) => eventually(`reservation ${id} is ${state}`, async () => (await rowOf(station, id)).state === state);

/** The states that other systems are told of. */
async function told(station: string): Promise<unknown[]> {
  return (await waitingEvents(database, { station, type: 'reservation.changed' })).map(({ body }) => body['state']);
}

async function stationThat(answer: (action: string, nth: number) => GatewayCallOutcome | Promise<GatewayCallOutcome>) {
  const gateway = await pod(({ action }, nth) => answer(action, nth));
  const { station } = await connect(gateway.name);
  return { station, calls: () => gateway.calls.map(({ action, payload }) => [action, JSON.parse(payload) as Record<string, unknown>] as const) };
}

let transactions = 0;
/** As the transaction service writes one. */
async function start(station: string, more: { evse?: number; token?: string; reservationId?: number; at?: Date } = {}): Promise<number> {
  const { evse = 1, token = 'TaG-1', reservationId, at = new Date() } = more;
  const { number } = await database.prisma.transaction.create({
    data: { tenant, station, key: `k${++transactions}`, wireId: 'w', protocol: 'v16', evse, token, tokenKey: token.toLowerCase(), reservationId, startedAt: at, startReceivedAt: new Date() },
  });
  return number;
}

let reports = 0;
/** As the session service stores what a station says of a connector. */
async function tells(station: string, { evse, status }: { evse: number; status: string }): Promise<void> {
  await database.prisma.statusReport.create({ data: { tenant, station, evse, connector: evse === 0 ? 0 : 1, status, reported: status, epoch: 1, frame: ++reports, receivedAt: new Date() } });
}

describe('a reservation', () => {
  test('is asked for under the id that the answer names, and is active when the station accepts it', async () => {
    const { station, calls } = await stationThat(accepting);
    const expiresAt = soon();
    const answer = await reserve(station, { expiresAt, group: 'FAMILY' });
    expect(answer).toMatchObject({ state: 'accepted', result: { payload: { status: 'Accepted' } }, reservation: expect.any(Number) });
    expect(calls()).toEqual([['ReserveNow', { connectorId: 1, expiryDate: expiresAt, idTag: 'TaG-1', parentIdTag: 'FAMILY', reservationId: answer.reservation }]]);
    expect(await rowOf(station, answer.reservation)).toMatchObject({ state: 'active', status: 'Accepted', raw: false, evse: 1, token: 'TaG-1', groupKey: 'family', endedAt: null });
    expect(await told(station)).toEqual(['active']);
  });

  test.each(['Faulted', 'Occupied', 'Unavailable', 'Rejected'])('is refused in the station\'s own word: %s', async (status) => {
    const { station } = await stationThat(() => result({ status }));
    const { state, reservation } = await reserve(station);
    expect(state).toBe('rejected');
    expect(await rowOf(station, reservation)).toMatchObject({ state: 'refused', status, endedAt: expect.any(Date) });
    expect(await told(station)).toEqual(['refused']);
  });

  test('has the token\'s own group unless another is named, or none', async () => {
    const { station, calls } = await stationThat(accepting);
    await database.prisma.token.create({ data: { tenant, key: 'grouped', value: 'Grouped', status: 'Accepted', group: 'Fleet', groupKey: 'fleet' } });
    for (const more of [{}, { group: 'Other' }, { group: null }]) await reserve(station, { token: 'Grouped', ...more });
    expect(calls().map(([, { parentIdTag }]) => parentIdTag)).toEqual(['Fleet', 'Other', undefined]);
  });

  test('of a station that is offline has failed, and is never delivered late', async () => {
    const station = fresh('CS');
    const { state, result: why, reservation } = await reserve(station);
    expect([state, why]).toEqual(['failed', { type: 'none', reason: 'offline' }]);
    expect(await rowOf(station, reservation)).toMatchObject({ state: 'failed', status: 'offline' });
    const gateway = await pod(accepting);
    await connect(gateway.name, 'v16', station);
    await reserve(station);
    expect(gateway.calls).toHaveLength(1);
  });

  test('that the station answers with an error has failed', async () => {
    const { station } = await stationThat(() => ({ kind: 'error', code: 'NotImplemented', description: '', details: {} }));
    const { reservation } = await reserve(station);
    expect(await rowOf(station, reservation)).toMatchObject({ state: 'failed', status: 'NotImplemented' });
  });

  test('whose answer is lost is unknown, can be cancelled, and else expires', async () => {
    const { station } = await stationThat((action) => (action === 'ReserveNow' ? { kind: 'unanswered', reason: 'connection-lost' } : accepting()));
    const { state, reservation } = await reserve(station);
    expect(state).toBe('unknown');
    expect(await rowOf(station, reservation)).toMatchObject({ state: 'unknown', status: 'connection-lost' });
    expect(await cancel(station, reservation)).toMatchObject({ state: 'accepted', reservation });
    expect(await rowOf(station, reservation)).toMatchObject({ state: 'cancelled', cancelledBy: 'operator', cancelStatus: 'Accepted' });
    const second = await reserve(station, { expiresAt: soon(3) });
    await stateReached(station, second.reservation, 'expired');
    expect(await told(station)).toEqual(['unknown', 'cancelled', 'unknown', 'expired']);
  });

  test.each([
    ['its connector fails', { evse: 1, status: 'Faulted' }],
    ['its connector is taken out of service', { evse: 1, status: 'Unavailable' }],
    ['the station as a whole fails', { evse: 0, status: 'Faulted' }],
  ])('ends without a word when %s', async (_what, report) => {
    const { station } = await stationThat(accepting);
    const { reservation } = await reserve(station);
    await tells(station, report);
    await stateReached(station, reservation, 'cancelled');
    expect(await rowOf(station, reservation)).toMatchObject({ cancelledBy: 'station', endedAt: expect.any(Date) });
    expect(await told(station)).toEqual(['active', 'cancelled']);
  });

  test('stays when another connector fails, one that had failed before, one of several of an EVSE, or one that says something else', async () => {
    const { station } = await stationThat(accepting);
    await tells(station, { evse: 1, status: 'Faulted' });
    const { reservation } = await reserve(station);
    const onTwo = await reserve(station, { evse: 4 });
    for (const connector of [1, 2]) await database.prisma.connector.create({ data: { tenant, station, evse: 4, connector, status: 'Available', reported: 'Available', epoch: 1, frame: connector, receivedAt: new Date() } });
    for (const report of [{ evse: 2, status: 'Faulted' }, { evse: 1, status: 'Reserved' }, { evse: 4, status: 'Faulted' }]) await tells(station, report);
    // A later one is let go by a round that has looked at these as well.
    const later = await reserve(station, { evse: 3 });
    await tells(station, { evse: 3, status: 'Faulted' });
    await stateReached(station, later.reservation, 'cancelled');
    expect([(await rowOf(station, reservation)).state, (await rowOf(station, onTwo.reservation)).state]).toEqual(['active', 'active']);
  });

  test('ordered again under its idempotency key is the same one', async () => {
    const { station, calls } = await stationThat(accepting);
    const order = { idempotencyKey: `reserve ${station}`, expiresAt: soon() };
    const [first, second] = await Promise.all([reserve(station, order), reserve(station, order)]);
    expect(second).toEqual(first);
    expect(await reserve(station, order)).toEqual(first);
    expect(calls()).toHaveLength(1);
    expect(await database.prisma.reservation.count({ where: { station } })).toBe(1);
    expect((await rejection(reserve(station, { ...order, evse: 2 }))).code).toBe('conflict');
    expect(await database.prisma.reservation.count({ where: { station } })).toBe(1);
  });

  test('that the station\'s version cannot carry is the caller\'s error, and leaves nothing behind', async () => {
    const { station, calls } = await stationThat(accepting);
    expect((await rejection(reserve(station, { token: 'x'.repeat(21) }))).code).toBe('bad-value');
    expect((await rejection(reserve(station, { expiresAt: new Date(Date.now() - 1000).toISOString() }))).code).toBe('bad-value');
    expect(calls()).toEqual([]);
    expect(await database.prisma.reservation.count({ where: { station } })).toBe(0);
  });

  test('whose process died while it waited ends as its command did', async () => {
    const station = fresh('CS');
    const data = { tenant, station, evse: 1, token: 'T', tokenKey: 't', raw: false, state: 'requested', afterTransaction: 0, expiresAt: new Date(Date.now() + 600_000) };
    const long = new Date(Date.now() - 60_000);
    const command = async (state: string) => {
      const id = crypto.randomUUID();
      await database.prisma.command.create({ data: { id, tenant, station, action: 'ReserveNow', payload: {}, state, result: { type: 'none', reason: 'offline' }, createdAt: long, deadline: long, finishedAt: long } });
      return id;
    };
    const ids = [];
    for (const state of ['failed', 'unknown']) ids.push((await database.prisma.reservation.create({ data: { ...data, command: await command(state), requestedAt: long, deadline: long } })).id);
    await stateReached(station, ids[0]!, 'failed');
    await stateReached(station, ids[1]!, 'unknown');
    expect(await rowOf(station, ids[0]!)).toMatchObject({ status: 'offline' });
  });
});

describe('a reservation is used', () => {
  test('by the transaction that names it, whatever its token', async () => {
    const { station } = await stationThat(accepting);
    const { reservation } = await reserve(station);
    const number = await start(station, { token: 'somebody', reservationId: reservation });
    await stateReached(station, reservation, 'used');
    expect(await rowOf(station, reservation)).toMatchObject({ transaction: number, endedAt: expect.any(Date) });
    expect(await told(station)).toEqual(['active', 'used']);
  });

  test('by a transaction of its token, or of a token of its group, on its EVSE', async () => {
    await database.prisma.token.create({ data: { tenant, key: 'spouse', value: 'SPOUSE', status: 'Accepted', group: 'Family', groupKey: 'family' } });
    for (const token of ['tag-1', 'Spouse']) {
      const { station } = await stationThat(accepting);
      const { reservation } = await reserve(station, { group: 'FAMILY' });
      const number = await start(station, { token });
      await stateReached(station, reservation, 'used');
      expect(await rowOf(station, reservation)).toMatchObject({ transaction: number });
    }
  });

  test('by one transaction, once: of two that fit, the one for that very EVSE', async () => {
    const { station } = await stationThat(accepting);
    const any = await reserve(station, { evse: 0 });
    const certain = await reserve(station, { evse: 2 });
    const number = await start(station, { evse: 2 });
    await stateReached(station, certain.reservation, 'used');
    await start(station, { evse: 1 });
    await stateReached(station, any.reservation, 'used');
    expect((await rowOf(station, certain.reservation)).transaction).toBe(number);
  });

  test('not by a transaction on another EVSE, of another token, from before, or at another station', async () => {
    const { station } = await stationThat(accepting);
    await start(station);
    const { reservation } = await reserve(station, { expiresAt: soon(3) });
    await start(station, { evse: 2 });
    await start(station, { token: 'other' });
    await start(station, { at: new Date(Date.now() - 600_000) });
    await start(station, { reservationId: reservation + 1 });
    await start(fresh('CS'), { reservationId: reservation });
    await stateReached(station, reservation, 'expired');
    expect(await told(station)).toEqual(['active', 'expired']);
  });

  test('also if the station tells of it after the time is over', async () => {
    const { station } = await stationThat(accepting);
    const { reservation } = await reserve(station, { expiresAt: soon(3) });
    await stateReached(station, reservation, 'expired');
    await start(station, { reservationId: reservation });
    await stateReached(station, reservation, 'used');
    expect(await told(station)).toEqual(['active', 'expired', 'used']);
  });
});

describe('a cancellation', () => {
  test('that the station rejects leaves the reservation as it is, with the station\'s word', async () => {
    const { station } = await stationThat((action) => result({ status: action === 'CancelReservation' ? 'Rejected' : 'Accepted' }));
    const { reservation } = await reserve(station);
    expect(await cancel(station, reservation)).toMatchObject({ state: 'rejected' });
    expect(await rowOf(station, reservation)).toMatchObject({ state: 'active', cancelStatus: 'Rejected' });
  });

  test('of what is not there, or is over, is refused; the same order again is answered as before', async () => {
    const { station, calls } = await stationThat(accepting);
    const { reservation } = await reserve(station);
    const order = { idempotencyKey: `cancel ${station}` };
    const first = await cancel(station, reservation, order);
    expect(await cancel(station, reservation, order)).toEqual(first);
    expect((await rejection(cancel(station, reservation))).code).toBe('conflict');
    expect((await rejection(cancel(station, 2_147_483_647))).code).toBe('not-found');
    expect((await rejection(cancel(fresh('CS'), reservation))).code).toBe('not-found');
    expect(calls()).toHaveLength(2);
  });
});

describe('a raw command', () => {
  const raw = (station: string, id: number, more: object = {}) =>
    send(station, { action: 'ReserveNow', payload: { connectorId: 2, expiryDate: soon(), idTag: 'RAW', reservationId: id, ...more } });

  test('makes a reservation under the id that its caller chose, and cancels it', async () => {
    const { station } = await stationThat(accepting);
    await raw(station, 77, { parentIdTag: 'Family' });
    expect(await rowOf(station, 77)).toMatchObject({ state: 'active', raw: true, evse: 2, token: 'RAW', groupKey: 'family' });
    await send(station, { action: 'CancelReservation', payload: { reservationId: 77 } });
    expect(await rowOf(station, 77)).toMatchObject({ state: 'cancelled', cancelStatus: 'Accepted' });
    await raw(station, 77);
    expect(await rowOf(station, 77)).toMatchObject({ state: 'active', cancelStatus: null, cancelledBy: null, endedAt: null, groupKey: null });
    await start(station, { evse: 2, token: 'raw', reservationId: 77 });
    await stateReached(station, 77, 'used');
  });

  test('makes a reservation that a charge of a moment ago has not used', async () => {
    const { station } = await stationThat(accepting);
    const number = await start(station, { evse: 2, token: 'RAW' });
    await database.prisma.transaction.update({ where: { number }, data: { endedAt: new Date(), endReceivedAt: new Date() } });
    await raw(station, 80, { expiryDate: soon(3) });
    await stateReached(station, 80, 'expired');
    expect(await told(station)).toEqual(['active', 'expired']);
  });

  test('that is refused leaves the reservation of that id as it was', async () => {
    const { station } = await stationThat((_action, nth) => result({ status: nth === 1 ? 'Accepted' : 'Occupied' }));
    await raw(station, 78);
    await raw(station, 78, { connectorId: 3 });
    expect(await rowOf(station, 78)).toMatchObject({ state: 'active', evse: 2 });
    await raw(station, 79);
    expect(await rowOf(station, 79)).toMatchObject({ state: 'refused', status: 'Occupied', raw: true });
  });

  test('does not take an id that a reservation of ours could get', async () => {
    const { station } = await stationThat(accepting);
    const { reservation } = await reserve(station);
    await raw(station, reservation + 1);
    await raw(station, reservation + 2);
    expect((await reserve(station)).reservation).toBeGreaterThan(reservation + 2);
  });
});
