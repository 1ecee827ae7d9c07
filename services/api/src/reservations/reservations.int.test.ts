import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { gatewayCall } from '@ohmnibus/contracts';
import { randomUUID } from 'node:crypto';
import { api, bus, database, listed, pages, presence, strangersKey, tenant, useApi } from '../api-fixture.js';

useApi(['command']);

const calls: { readonly action: string; readonly payload: Record<string, unknown> }[] = [];
let verdict = 'Accepted';

beforeAll(async () => {
  await database.prisma.station.createMany({ data: ['CS', 'CS-2', 'OFFLINE'].map((id) => ({ tenant, id })) });
  bus.serve(gatewayCall, { pod: 'pod' }, ({ action, payload }) => {
    calls.push({ action, payload: JSON.parse(payload) as Record<string, unknown> });
    return { kind: 'result' as const, payload: JSON.stringify({ status: verdict }) };
  });
  await bus.connection.flush();
  for (const [i, station] of ['CS', 'CS-2'].entries()) {
    const socket = { tenant, station, pod: 'pod', connection: i, acceptedAt: presence.now() };
    await presence.claim(socket, { protocol: 'v16', remoteAddress: '127.0.0.1', since: Date.now() });
  }
});
beforeEach(() => {
  calls.length = 0;
  verdict = 'Accepted';
});

const expiresAt = new Date(Date.now() + 3_600_000).toISOString();
const reserve = (body: object = {}, station = 'CS', headers = {}) => api('POST', `/stations/${station}/reservations`, { token: 'TAG', evse: 1, expiresAt, ...body }, headers);
const idOf = ({ body }: Awaited<ReturnType<typeof api>>) => (body as { reservation: number }).reservation;

describe('a reservation', () => {
  test('is made, read and cancelled under one id, which is on the wire', async () => {
    const made = await reserve({ group: 'Family' });
    expect(made).toMatchObject({ status: 200, body: { state: 'accepted', result: { type: 'CALLRESULT', payload: { status: 'Accepted' } } } });
    const id = idOf(made);
    expect(await api('GET', `/reservations/${id}`)).toMatchObject({
      status: 200,
      body: {
        id,
        station: 'CS',
        evse: 1,
        token: 'TAG',
        tokenKind: null,
        group: 'Family',
        state: 'active',
        status: 'Accepted',
        raw: false,
        command: (made.body as { id: string }).id,
        requestedAt: expect.any(String),
        expiresAt,
        endedAt: null,
        transaction: null,
        cancelStatus: null,
        cancelledBy: null,
      },
    });
    expect(await api('DELETE', `/reservations/${id}`)).toMatchObject({ status: 200, body: { state: 'accepted', reservation: id } });
    expect(await api('GET', `/reservations/${id}`)).toMatchObject({ body: { state: 'cancelled', cancelledBy: 'operator', cancelStatus: 'Accepted', endedAt: expect.any(String) } });
    expect(calls).toEqual([
      { action: 'ReserveNow', payload: { connectorId: 1, expiryDate: expiresAt, idTag: 'TAG', parentIdTag: 'Family', reservationId: id } },
      { action: 'CancelReservation', payload: { reservationId: id } },
    ]);
    expect(await api('DELETE', `/reservations/${id}`)).toMatchObject({ status: 409, body: { code: 'conflict' } });
  });

  test('that the station refuses says why, and is on record', async () => {
    verdict = 'Occupied';
    const made = await reserve({ evse: undefined });
    expect(made).toMatchObject({ status: 200, body: { state: 'rejected', result: { payload: { status: 'Occupied' } } } });
    expect(await api('GET', `/reservations/${idOf(made)}`)).toMatchObject({ body: { state: 'refused', status: 'Occupied', evse: 0 } });
  });

  test('of a station that is offline fails at once', async () => {
    const made = await reserve({}, 'OFFLINE');
    expect(made).toMatchObject({ status: 200, body: { state: 'failed', result: { type: 'none', reason: 'offline' } } });
    expect(await api('GET', `/reservations/${idOf(made)}`)).toMatchObject({ body: { state: 'failed', status: 'offline' } });
  });

  test('ordered twice under one key is one', async () => {
    const key = { 'Idempotency-Key': 'reserve once' };
    const first = await reserve({}, 'CS', key);
    expect((await reserve({}, 'CS', key)).body).toEqual(first.body);
    expect(calls).toHaveLength(1);
  });

  test.each([
    ['no token', { token: undefined }],
    ['no time', { expiresAt: undefined }],
    ['a time that is over', { expiresAt: '2020-01-01T00:00:00Z' }],
    ['a time that is none', { expiresAt: 'soon' }],
    ['a negative EVSE', { evse: -1 }],
    ['a field that is not known', { connectorId: 1 }],
    ['a token too long for the station', { token: 'x'.repeat(21) }],
  ])('with %s is a bad request, and nobody is asked', async (_name, body) => {
    expect(await reserve(body)).toMatchObject({ status: 400 });
    expect(calls).toEqual([]);
  });

  test('of an unknown station is not found', async () => {
    expect(await reserve({}, 'NOBODY')).toMatchObject({ status: 404 });
  });
});

test('reservations are listed, the newest first, and filtered', async () => {
  const row = { tenant: 'stranger', station: 'S', evse: 1, token: 'AbC', tokenKey: 'abc', raw: false, deadline: new Date(), expiresAt: new Date(), afterTransaction: 0 };
  const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 10, minute));
  const states = ['used', 'expired', 'active', 'active'];
  await database.prisma.reservation.createMany({
    data: states.map((state, i) => ({ ...row, id: 101 + i, state, station: i === 3 ? 'S-2' : 'S', token: i === 0 ? 'other' : 'AbC', tokenKey: i === 0 ? 'other' : 'abc', command: randomUUID(), requestedAt: at(Math.min(i, 2)), expiresAt: new Date(Date.now() + 3_600_000) })),
  });
  await database.prisma.reservation.updateMany({ where: { tenant: 'stranger' }, data: { tenant } });
  for (const [filter, expected] of [
    ['station=S', [103, 102, 101]],
    ['token=aBc', [104, 103, 102]],
    ['state=expired', [102]],
    ['station=S&state=active', [103]],
    ['station=S-2', [104]],
  ] as const) {
    expect([filter, await listed(`/reservations?${filter}`)]).toEqual([filter, expected]);
  }
  expect((await pages('/reservations?token=abc', 2)).map((page) => page.map(({ id }) => id))).toEqual([[104, 103], [102]]);
  expect(await api('GET', '/reservations?state=gone')).toMatchObject({ status: 400 });
});

test('an id that a raw caller chose at several stations is told apart by the station', async () => {
  const id = idOf(await reserve());
  const raw = (station: string, reservationId: number) =>
    api('POST', `/stations/${station}/commands`, { action: 'ReserveNow', payload: { connectorId: 1, expiryDate: expiresAt, idTag: 'RAW', reservationId } });
  await raw('CS-2', id);
  expect(await api('GET', `/reservations/${id}`)).toMatchObject({ body: { station: 'CS', raw: false } });
  expect(await api('GET', `/reservations/${id}?station=CS-2`)).toMatchObject({ body: { station: 'CS-2', raw: true, token: 'RAW' } });
  calls.length = 0;
  await api('DELETE', `/reservations/${id}?station=CS-2`);
  expect(await api('GET', `/reservations/${id}?station=CS-2`)).toMatchObject({ body: { state: 'cancelled' } });
  expect(await api('GET', `/reservations/${id}`)).toMatchObject({ body: { state: 'active' } });
  expect(calls).toHaveLength(1);
});

test('what is not there, or another tenant\'s, is not found', async () => {
  const id = idOf(await reserve());
  for (const path of ['0', 'x', '1.5', '99999999999', '2147483647']) {
    expect([path, (await api('GET', `/reservations/${path}`)).status]).toEqual([path, 404]);
    expect([path, (await api('DELETE', `/reservations/${path}`)).status]).toEqual([path, 404]);
  }
  const headers = { authorization: `Bearer ${strangersKey}` };
  expect((await api('GET', `/reservations/${id}`, undefined, headers)).status).toBe(404);
  expect((await api('DELETE', `/reservations/${id}`, undefined, headers)).status).toBe(404);
});
