import { describe, expect, test } from '@jest/globals';
import {
  clearChargingProfileCommand,
  compositeScheduleCommand,
  createChargingProfile,
  deleteChargingProfile,
  replaceChargingProfile,
  setChargingProfileCommand,
  startCommand,
  type ChargingProfileJson,
} from '@ohmnibus/contracts';
import { eventually } from '@ohmnibus/testkit';
import { accepting, bus, connect, database, fresh, pod, rejection, result, send, tenant, useCommandService } from '../command-fixture.js';

useCommandService();

const periods = [{ startPeriod: 0, limit: 16 }, { startPeriod: 600, limit: 8.5, numberPhases: 1 }];
const relative: ChargingProfileJson = { purpose: 'TxProfile', kind: 'Relative', stackLevel: 0, schedules: [{ unit: 'A', periods }] };
const absolute: ChargingProfileJson = {
  purpose: 'TxDefaultProfile',
  kind: 'Absolute',
  stackLevel: 2,
  validTo: '2030-01-01T01:00:00+01:00',
  schedules: [{ startSchedule: '2026-03-01T00:00:00Z', duration: 3600, unit: 'W', periods: [{ startPeriod: 0, limit: 11_000 }] }],
};
const wire = { chargingRateUnit: 'A', chargingSchedulePeriod: periods };

const create = async (profile: ChargingProfileJson, of = tenant) => (await bus.ask(createChargingProfile, {}, { tenant: of, description: null, profile })).id;
const set = (station: string, profile: number, more: object = {}) => bus.ask(setChargingProfileCommand, {}, { tenant, station, profile, timeoutSeconds: 5, ...more });
const clear = (station: string, criteria: object = {}) => bus.ask(clearChargingProfileCommand, {}, { tenant, station, timeoutSeconds: 5, ...criteria });

async function stationThat(answer: (action: string) => object = () => ({ status: 'Accepted' })) {
  const gateway = await pod(({ action }) => result(answer(action)));
  const { station } = await connect(gateway.name);
  return { station, payloads: () => gateway.calls.map(({ payload }) => JSON.parse(payload) as Record<string, unknown>) };
}

let made = 0;
async function transaction(station: string, more: { evse?: number; token?: string; endedAt?: Date } = {}): Promise<number> {
  const { evse = 1, token = 'T', endedAt } = more;
  const data = { tenant, station, key: `k${++made}`, protocol: 'v16', evse, token, tokenKey: token.toLowerCase(), startedAt: new Date(), startReceivedAt: new Date(), endedAt };
  const { number } = await database.prisma.transaction.create({ data: { ...data, wireId: '' } });
  await database.prisma.transaction.update({ where: { number }, data: { wireId: String(number) } });
  return number;
}

/** Which profiles the station is believed to keep. */
async function installed(station: string) {
  const rows = await database.prisma.installedChargingProfile.findMany({ where: { tenant, station }, orderBy: { profileId: 'asc' } });
  return rows.map(({ profileId, evse, transaction: of }) => ({ id: profileId, evse, transaction: of }));
}
const beliefs = (station: string, expected: object[]) =>
  eventually(`${expected.length} profiles are believed installed`, async () => {
    expect(await installed(station)).toEqual(expected);
    return true;
  });

describe('the catalogue', () => {
  test('gives a profile the id that is on the wire, changes it and lets it go', async () => {
    const id = await create(absolute);
    const { station, payloads } = await stationThat();
    expect(await set(station, id)).toMatchObject({ state: 'accepted' });
    expect(payloads()).toEqual([
      {
        connectorId: 0,
        csChargingProfiles: {
          chargingProfileId: id,
          stackLevel: 2,
          chargingProfilePurpose: 'TxDefaultProfile',
          chargingProfileKind: 'Absolute',
          validTo: '2030-01-01T00:00:00.000Z',
          chargingSchedule: { startSchedule: '2026-03-01T00:00:00.000Z', duration: 3600, chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 11_000 }] },
        },
      },
    ]);
    expect(await bus.ask(replaceChargingProfile, {}, { tenant, id, description: 'less', profile: { ...absolute, stackLevel: 3 } })).toEqual({ replaced: true });
    await set(station, id);
    expect(payloads()[1]).toMatchObject({ csChargingProfiles: { stackLevel: 3 } });
    expect(await bus.ask(deleteChargingProfile, {}, { tenant, id })).toEqual({ deleted: true });
    expect(await bus.ask(deleteChargingProfile, {}, { tenant, id })).toEqual({ deleted: false });
    expect(await bus.ask(replaceChargingProfile, {}, { tenant, id, description: null, profile: absolute })).toEqual({ replaced: false });
    expect((await rejection(set(station, id))).code).toBe('not-found');
  });

  test('names each thing that is wrong with a profile', async () => {
    const bad = { ...absolute, kind: 'Recurring', schedules: [{ ...absolute.schedules[0]!, periods: [{ startPeriod: 1, limit: 0.05, phaseToUse: 1 }] }] } as ChargingProfileJson;
    const fault = await rejection(create(bad));
    expect(fault.code).toBe('bad-value');
    expect((fault.details['problems'] as { path: string }[]).map(({ path }) => path).toSorted()).toEqual([
      'profile.recurrency',
      'profile.schedules.0.periods.0.limit',
      'profile.schedules.0.periods.0.phaseToUse',
      'profile.schedules.0.periods.0.startPeriod',
    ]);
  });

  test('is its tenant\'s own', async () => {
    const id = await create(absolute, 'stranger');
    const { station } = await stationThat();
    expect((await rejection(set(station, id))).code).toBe('not-found');
    expect(await bus.ask(deleteChargingProfile, {}, { tenant, id })).toEqual({ deleted: false });
  });
});

describe('a profile is sent', () => {
  test('to the whole station if it is a limit of it, and nowhere else', async () => {
    const id = await create({ ...absolute, purpose: 'ChargingStationMaxProfile' });
    const { station, payloads } = await stationThat();
    await set(station, id);
    expect(payloads()[0]).toMatchObject({ connectorId: 0, csChargingProfiles: { chargingProfilePurpose: 'ChargePointMaxProfile' } });
    expect((await rejection(set(station, id, { evse: 1 }))).code).toBe('bad-value');
    expect((await rejection(set(station, id, { transaction: '1' }))).code).toBe('bad-value');
    expect(payloads()).toHaveLength(1);
  });

  test('to the transaction that is named, or open on the EVSE, if it is a transaction\'s own', async () => {
    const id = await create(relative);
    const { station, payloads } = await stationThat();
    const [first, second] = [await transaction(station, { evse: 1 }), await transaction(station, { evse: 2 })];
    await set(station, id, { evse: 1 });
    await set(station, id, { transaction: String(second) });
    expect(payloads().map(({ connectorId, csChargingProfiles }) => [connectorId, (csChargingProfiles as { transactionId: number }).transactionId])).toEqual([
      [1, first],
      [2, second],
    ]);
    const ended = await transaction(station, { evse: 3, endedAt: new Date() });
    for (const [more, code] of [
      [{}, 'bad-value'],
      [{ evse: 0 }, 'bad-value'],
      [{ evse: 3 }, 'conflict'],
      [{ transaction: String(ended) }, 'conflict'],
      [{ transaction: '999999' }, 'not-found'],
      [{ transaction: String(second), evse: 1 }, 'bad-value'],
    ] as const) {
      expect([more, (await rejection(set(station, id, more))).code]).toEqual([more, code]);
    }
    expect(payloads()).toHaveLength(2);
  });

  test('inside a start, if it is a transaction\'s own, without a transaction to name', async () => {
    const id = await create(relative);
    const { station, payloads } = await stationThat();
    expect(await bus.ask(startCommand, {}, { tenant, station, token: 'T', evse: 1, chargingProfile: id, timeoutSeconds: 5 })).toMatchObject({ state: 'accepted' });
    const chargingProfile = { chargingProfileId: id, stackLevel: 0, chargingProfilePurpose: 'TxProfile', chargingProfileKind: 'Relative', chargingSchedule: wire };
    expect(payloads()).toEqual([{ idTag: 'T', connectorId: 1, chargingProfile }]);
    const start = (chargingProfileId: number) => rejection(bus.ask(startCommand, {}, { tenant, station, token: 'T', chargingProfile: chargingProfileId, timeoutSeconds: 5 }));
    expect((await start(await create(absolute))).code).toBe('bad-value');
    expect((await start(2_147_483_647)).code).toBe('not-found');
    expect(payloads()).toHaveLength(1);
  });

  test('once, however often it is ordered under its idempotency key', async () => {
    const id = await create(relative);
    const { station, payloads } = await stationThat();
    const number = await transaction(station);
    const order = { evse: 1, idempotencyKey: `set ${station}` };
    const first = await set(station, id, order);
    await database.prisma.transaction.update({ where: { number }, data: { endedAt: new Date() } });
    expect(await set(station, id, order)).toEqual(first);
    expect(payloads()).toHaveLength(1);
  });
});

describe('a station is believed to keep', () => {
  test('what it has accepted, in place of what has the same purpose and level on the EVSE', async () => {
    const [a, b, c] = [await create(absolute), await create(absolute), await create({ ...absolute, stackLevel: 5 })];
    const { station } = await stationThat();
    await set(station, a, { evse: 1 });
    await set(station, c, { evse: 1 });
    await set(station, b, { evse: 2 });
    expect(await installed(station)).toEqual([a, b, c].map((id) => ({ id, evse: id === b ? 2 : 1, transaction: null })));
    await set(station, b, { evse: 1 });
    expect(await installed(station)).toEqual([b, c].map((id) => ({ id, evse: 1, transaction: null })));
  });

  test('not what it has refused', async () => {
    const id = await create(absolute);
    for (const status of ['Rejected', 'NotSupported']) {
      const { station } = await stationThat(() => ({ status }));
      expect(await set(station, id)).toMatchObject({ state: 'rejected' });
      expect(await installed(station)).toEqual([]);
    }
  });

  test('what was not cleared: by id, by what it is for, or all', async () => {
    const ids = [await create(absolute), await create({ ...absolute, stackLevel: 3 }), await create({ ...absolute, purpose: 'ChargingStationMaxProfile' }), await create(absolute)];
    const { station } = await stationThat((action) => ({ status: action === 'ClearChargingProfile' ? 'Unknown' : 'Accepted' }));
    const fill = async () => {
      for (const [i, id] of ids.entries()) await set(station, id, { evse: i === 3 ? 1 : 0 });
    };
    const left = async () => (await installed(station)).map(({ id }) => ids.indexOf(id));
    for (const [criteria, expected] of [
      [{ profile: ids[1] }, [0, 2, 3]],
      [{ evse: 0 }, [3]],
      [{ purpose: 'ChargingStationMaxProfile' }, [0, 1, 3]],
      [{ stackLevel: 2 }, [1]],
      [{ evse: 0, stackLevel: 2, purpose: 'TxDefaultProfile' }, [1, 2, 3]],
      [{}, []],
    ] as const) {
      await fill();
      // A station that knows no such profile tells as much as one that has cleared it.
      expect(await clear(station, criteria)).toMatchObject({ state: 'rejected' });
      expect([criteria, await left()]).toEqual([criteria, expected]);
    }
  });

  test('a transaction\'s own until the transaction ends', async () => {
    const id = await create(relative);
    const { station } = await stationThat();
    const number = await transaction(station);
    await set(station, id, { evse: 1 });
    expect(await installed(station)).toEqual([{ id, evse: 1, transaction: number }]);
    await database.prisma.transaction.update({ where: { number }, data: { endedAt: new Date() } });
    await beliefs(station, []);
  });

  test('that of a remote start from the transaction\'s beginning, which it waits for, to its end', async () => {
    const id = await create(relative);
    const { station } = await stationThat();
    // A charge of a moment ago is not the one that is waited for.
    const before = await transaction(station, { token: 'Driver', evse: 2 });
    await database.prisma.transaction.update({ where: { number: before }, data: { endedAt: new Date(), endReceivedAt: new Date() } });
    await bus.ask(startCommand, {}, { tenant, station, token: 'Driver', chargingProfile: id, timeoutSeconds: 5 });
    expect(await installed(station)).toEqual([{ id, evse: null, transaction: null }]);
    await transaction(station, { token: 'other', evse: 1 });
    const number = await transaction(station, { token: 'DRIVER', evse: 2 });
    await beliefs(station, [{ id, evse: 2, transaction: number }]);
    await database.prisma.transaction.update({ where: { number }, data: { endedAt: new Date() } });
    await beliefs(station, []);
  });

  test('what a raw command has told, under the id of its caller', async () => {
    const { station } = await stationThat();
    const number = await transaction(station, { evse: 2 });
    const csChargingProfiles = { chargingProfileId: 4711, stackLevel: 0, chargingProfilePurpose: 'TxProfile', chargingProfileKind: 'Relative', chargingSchedule: wire };
    await send(station, { action: 'SetChargingProfile', payload: { connectorId: 2, csChargingProfiles } });
    expect(await installed(station)).toEqual([{ id: 4711, evse: 2, transaction: number }]);
    await send(station, { action: 'ClearChargingProfile', payload: { id: 4711 } });
    expect(await installed(station)).toEqual([]);
  });
});

describe('a composite schedule', () => {
  const ask = (station: string) => bus.ask(compositeScheduleCommand, {}, { tenant, station, evse: 1, duration: 900, unit: 'A', timeoutSeconds: 5 });

  test('is told in no version\'s words', async () => {
    const { station, payloads } = await stationThat(() => ({ status: 'Accepted', connectorId: 1, scheduleStart: '2026-03-01T12:00:00Z', chargingSchedule: { duration: 900, ...wire } }));
    expect(await ask(station)).toMatchObject({
      state: 'accepted',
      schedule: { evse: 1, startsAt: '2026-03-01T12:00:00.000Z', duration: 900, unit: 'A', minRate: null, periods },
    });
    expect(payloads()).toEqual([{ connectorId: 1, duration: 900, chargingRateUnit: 'A' }]);
  });

  test('is absent where the station tells none', async () => {
    const { station } = await stationThat(() => ({ status: 'Rejected' }));
    expect(await ask(station)).toMatchObject({ state: 'rejected', schedule: null });
    expect(await ask(fresh('CS'))).toMatchObject({ state: 'failed', schedule: null });
  });
});

test('a station of 2.0.1 gets the profile of a start in its own words', async () => {
  const id = await create(relative);
  const gateway = await pod(accepting);
  const { station } = await connect(gateway.name, 'v201');
  await bus.ask(startCommand, {}, { tenant, station, token: 'T', evse: 1, chargingProfile: id, timeoutSeconds: 5 });
  expect(JSON.parse(gateway.calls[0]!.payload)).toMatchObject({ evseId: 1, chargingProfile: { id, chargingProfilePurpose: 'TxProfile', chargingSchedule: [{ id: 1, chargingRateUnit: 'A' }] } });
  expect(await installed(station)).toEqual([{ id, evse: 1, transaction: null }]);
});
