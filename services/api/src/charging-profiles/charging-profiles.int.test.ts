import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { gatewayCall } from '@ohmnibus/contracts';
import { api, bus, database, listed, pages, presence, strangersKey, tenant, useApi } from '../api-fixture.js';

useApi(['command']);

const calls: { readonly action: string; readonly payload: Record<string, unknown> }[] = [];
const schedule = { duration: 60, chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 11_000 }] };

beforeAll(async () => {
  await database.prisma.station.create({ data: { tenant, id: 'CS' } });
  bus.serve(gatewayCall, { pod: 'pod' }, ({ action, payload }) => {
    calls.push({ action, payload: JSON.parse(payload) as Record<string, unknown> });
    const told = action === 'GetCompositeSchedule' ? { connectorId: 0, scheduleStart: '2026-03-01T12:00:00Z', chargingSchedule: schedule } : {};
    return { kind: 'result' as const, payload: JSON.stringify({ status: 'Accepted', ...told }) };
  });
  await bus.connection.flush();
  const socket = { tenant, station: 'CS', pod: 'pod', connection: 1, acceptedAt: presence.now() };
  await presence.claim(socket, { protocol: 'v16', remoteAddress: '127.0.0.1', since: Date.now() });
});
beforeEach(() => {
  calls.length = 0;
});

const night = {
  description: 'Slow at night',
  purpose: 'TxDefaultProfile',
  kind: 'Recurring',
  recurrency: 'Daily',
  stackLevel: 1,
  validFrom: '2026-03-01T00:00:00+01:00',
  schedules: [{ startSchedule: '2026-03-01T00:00:00Z', duration: 86_400, unit: 'A', periods: [{ startPeriod: 0, limit: 6 }, { startPeriod: 21_600, limit: 16.5, numberPhases: 3 }] }],
};
const relative = { purpose: 'TxProfile', kind: 'Relative', schedules: [{ unit: 'W', periods: [{ startPeriod: 0, limit: 7_000 }] }] };
const create = async (body: object) => ((await api('POST', '/charging-profiles', body)).body as { id: number }).id;

describe('the catalogue', () => {
  test('keeps a profile as it was given, changes it and lets it go', async () => {
    const made = await api('POST', '/charging-profiles', night);
    expect(made).toMatchObject({ status: 201, body: { id: expect.any(Number), ...night, createdAt: expect.any(String), updatedAt: expect.any(String) } });
    const { id } = made.body as { id: number };
    expect((await api('GET', `/charging-profiles/${id}`)).body).toEqual(made.body);
    expect(await api('PUT', `/charging-profiles/${id}`, relative)).toMatchObject({ status: 200, body: { id, description: null, stackLevel: 0, ...relative } });
    expect((await api('GET', `/charging-profiles/${id}`)).body).not.toHaveProperty('recurrency');
    expect(await api('DELETE', `/charging-profiles/${id}`)).toMatchObject({ status: 204 });
    for (const method of ['GET', 'DELETE']) expect(await api(method, `/charging-profiles/${id}`)).toMatchObject({ status: 404 });
    expect(await api('PUT', `/charging-profiles/${id}`, relative)).toMatchObject({ status: 404 });
  });

  test('is listed in the order of ids, and by purpose', async () => {
    const ids = [await create(night), await create(relative), await create(night)];
    expect((await pages('/charging-profiles', 2)).flat().map(({ id }) => id)).toEqual(ids);
    expect(await listed('/charging-profiles?purpose=TxProfile')).toEqual([ids[1]]);
    expect(await api('GET', '/charging-profiles?purpose=other')).toMatchObject({ status: 400 });
  });

  test('names every problem of a profile by its place', async () => {
    const [first] = night.schedules;
    const bad = { ...night, recurrency: undefined, schedules: [{ ...first, periods: [{ startPeriod: 5, limit: 1, phaseToUse: 2 }, { startPeriod: 5, limit: 1.23 }] }] };
    const answer = await api('POST', '/charging-profiles', bad);
    expect(answer).toMatchObject({ status: 400, body: { code: 'bad-value' } });
    expect((answer.body as { problems: { path: string }[] }).problems.map(({ path }) => path).toSorted()).toEqual([
      'recurrency',
      'schedules.0.periods.0.phaseToUse',
      'schedules.0.periods.0.startPeriod',
      'schedules.0.periods.1.limit',
      'schedules.0.periods.1.startPeriod',
    ]);
  });

  test.each([
    ['an unknown purpose', { ...relative, purpose: 'ChargePointMaxProfile' }],
    ['an id of the caller\'s', { ...relative, id: 7 }],
    ['no schedule', { ...relative, schedules: [] }],
    ['four phases', { ...relative, schedules: [{ unit: 'W', periods: [{ startPeriod: 0, limit: 1, numberPhases: 4 }] }] }],
    ['an unknown unit', { ...relative, schedules: [{ ...relative.schedules[0], unit: 'kW' }] }],
  ])('refuses %s', async (_name, body) => {
    expect(await api('POST', '/charging-profiles', body)).toMatchObject({ status: 400 });
  });

  test('is its tenant\'s own', async () => {
    const id = await create(night);
    const headers = { authorization: `Bearer ${strangersKey}` };
    expect((await api('GET', `/charging-profiles/${id}`, undefined, headers)).status).toBe(404);
    expect((await api('PUT', `/charging-profiles/${id}`, relative, headers)).status).toBe(404);
    expect((await api('DELETE', `/charging-profiles/${id}`, undefined, headers)).status).toBe(404);
    for (const path of ['0', '-1', 'x', '2147483648']) expect([path, (await api('GET', `/charging-profiles/${path}`)).status]).toEqual([path, 404]);
  });
});

describe('a station', () => {
  test('keeps a profile until it is cleared', async () => {
    const id = await create(night);
    const set = await api('POST', '/stations/CS/charging-profiles', { profile: id, evse: 1 });
    expect(set).toMatchObject({ status: 200, body: { state: 'accepted' } });
    const { description: _ofPeople, ...shape } = night;
    expect(await api('GET', '/stations/CS/charging-profiles')).toMatchObject({
      status: 200,
      body: { items: [{ id, evse: 1, transaction: null, ...shape, validFrom: '2026-02-28T23:00:00.000Z', schedules: [{ duration: 86_400 }], command: (set.body as { id: string }).id }], nextCursor: null },
    });
    expect(await api('POST', '/stations/CS/charging-profiles/clear', { profile: id })).toMatchObject({ status: 200, body: { state: 'accepted' } });
    expect(await listed('/stations/CS/charging-profiles')).toEqual([]);
    expect(calls.map(({ action }) => action)).toEqual(['SetChargingProfile', 'ClearChargingProfile']);
    expect(calls[1]!.payload).toEqual({ id });
  });

  test('is started with a profile', async () => {
    const id = await create(relative);
    expect(await api('POST', '/stations/CS/start', { token: 'T', evse: 1, chargingProfile: id })).toMatchObject({ status: 200, body: { state: 'accepted' } });
    expect(calls[0]).toMatchObject({ action: 'RemoteStartTransaction', payload: { chargingProfile: { chargingProfileId: id, chargingProfilePurpose: 'TxProfile' } } });
    expect(calls[0]!.payload['chargingProfile']).not.toHaveProperty('transactionId');
  });

  test('tells its composite schedule', async () => {
    expect(await api('POST', '/stations/CS/composite-schedule', { duration: 60, unit: 'W' })).toMatchObject({
      status: 200,
      body: { state: 'accepted', schedule: { evse: 0, startsAt: '2026-03-01T12:00:00.000Z', duration: 60, unit: 'W', minRate: null, periods: [{ startPeriod: 0, limit: 11_000 }] } },
    });
  });

  test('is not asked for what cannot be', async () => {
    const id = await create(relative);
    for (const [path, body, status] of [
      ['CS/charging-profiles', { profile: id, evse: 1 }, 409],
      ['CS/charging-profiles', { profile: id, transaction: '77' }, 404],
      ['CS/charging-profiles', { profile: id }, 400],
      ['CS/charging-profiles', { profile: 2_147_483_647 }, 404],
      ['CS/charging-profiles', {}, 400],
      ['CS/charging-profiles/clear', { purpose: 'other' }, 400],
      ['CS/composite-schedule', { duration: 0 }, 400],
      ['NOBODY/charging-profiles', { profile: id }, 404],
      ['NOBODY/charging-profiles/clear', {}, 404],
      ['NOBODY/composite-schedule', { duration: 1 }, 404],
    ] as const) {
      expect([path, body, (await api('POST', `/stations/${path}`, body)).status]).toEqual([path, body, status]);
    }
    expect(await api('GET', '/stations/NOBODY/charging-profiles')).toMatchObject({ status: 404 });
    expect(calls).toEqual([]);
  });
});
