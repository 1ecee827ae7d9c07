import { beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Payload } from '@ohmnibus/simulator';
import { eventually } from '@ohmnibus/testkit';
import { bootedStation, driver, invariantsHold, system, useCentralSystem } from './certification.js';
import { now, type CertifiedStation } from './certified-station.js';

const id = 'TC-SMART';
let station: CertifiedStation;

useCentralSystem();
beforeAll(async () => {
  station = await bootedStation(id);
});
beforeEach(() => {
  for (const action of ['SetChargingProfile', 'ClearChargingProfile', 'RemoteStartTransaction']) station.answer(action, { status: 'Accepted' });
});

const startSchedule = '2026-01-01T00:00:00.000Z';
/** Three steps within a day, as the cases have it. */
const steps = [
  { startPeriod: 0, limit: 6, numberPhases: 3 },
  { startPeriod: 60, limit: 10.5, numberPhases: 3 },
  { startPeriod: 120, limit: 8, numberPhases: 1 },
];
const defaultProfile = { purpose: 'TxDefaultProfile', kind: 'Absolute', stackLevel: 0, schedules: [{ startSchedule, duration: 86_400, unit: 'A', periods: steps }] };
const ofTransaction = { purpose: 'TxProfile', kind: 'Relative', stackLevel: 0, schedules: [{ unit: 'A', duration: 300, periods: steps }] };
const ofStation = { purpose: 'ChargingStationMaxProfile', kind: 'Absolute', stackLevel: 0, schedules: [{ startSchedule, duration: 86_400, unit: 'A', periods: [{ startPeriod: 0, limit: 10 }] }] };

async function catalogued(profile: object): Promise<number> {
  const { status, body } = await system.rest<{ id: number }>('POST', '/charging-profiles', profile);
  expect(status).toBe(201);
  return body.id;
}
const post = async (path: string, body: object) => {
  const answer = await system.rest<Payload>('POST', `/stations/${id}/${path}`, body);
  expect([path, answer.status, answer.body]).toEqual([path, 200, expect.anything()]);
  return answer.body;
};
/** What the station was asked last. */
const asked = (action: string) => station.asks(action).at(-1)!;
async function kept(): Promise<Payload[]> {
  return (await system.rest<{ items: Payload[] }>('GET', `/stations/${id}/charging-profiles`)).body.items;
}

async function begin(connectorId: number): Promise<number> {
  const { transactionId } = await station.call('StartTransaction', { connectorId, idTag: driver, meterStart: 0, timestamp: now() });
  await station.status('Charging', { connectorId });
  return transactionId as number;
}
async function end(transactionId: number, connectorId: number): Promise<void> {
  await station.call('StopTransaction', { transactionId, meterStop: 10, timestamp: now() });
  await station.status('Available', { connectorId });
}
/** Periods are in order, and no phase is chosen: 1.6 has no word for it. */
function expectWellFormed(schedule: unknown): void {
  const { chargingSchedulePeriod } = schedule as { chargingSchedulePeriod: { startPeriod: number }[] };
  const starts = chargingSchedulePeriod.map(({ startPeriod }) => startPeriod);
  expect(starts).toEqual(starts.toSorted((a, b) => a - b));
  expect(JSON.stringify(schedule)).not.toContain('phaseToUse');
}

test('TC_056: a default for transactions is set before one begins, and stays after it', async () => {
  const profile = await catalogued(defaultProfile);
  expect(await post('charging-profiles', { profile, evse: 1 })).toMatchObject({ state: 'accepted', result: { payload: { status: 'Accepted' } } });
  const request = asked('SetChargingProfile');
  expect(request).toEqual({
    connectorId: 1,
    csChargingProfiles: {
      chargingProfileId: profile,
      stackLevel: 0,
      chargingProfilePurpose: 'TxDefaultProfile',
      chargingProfileKind: 'Absolute',
      chargingSchedule: { startSchedule, duration: 86_400, chargingRateUnit: 'A', chargingSchedulePeriod: steps },
    },
  });
  expectWellFormed((request['csChargingProfiles'] as Payload)['chargingSchedule']);
  expect(await kept()).toMatchObject([{ id: profile, evse: 1, transaction: null, ...defaultProfile }]);
  const transaction = await begin(1);
  await end(transaction, 1);
  expect(await kept()).toHaveLength(1);
});

test('TC_057: a profile of a transaction names it, and ends with it', async () => {
  const profile = await catalogued(ofTransaction);
  const transaction = await begin(1);
  expect(await post('charging-profiles', { profile, transaction: String(transaction) })).toMatchObject({ state: 'accepted' });
  const request = asked('SetChargingProfile');
  expect(request).toMatchObject({ connectorId: 1, csChargingProfiles: { chargingProfileId: profile, transactionId: transaction, chargingProfilePurpose: 'TxProfile', chargingProfileKind: 'Relative' } });
  expectWellFormed((request['csChargingProfiles'] as Payload)['chargingSchedule']);
  expect(await kept()).toContainEqual(expect.objectContaining({ id: profile, evse: 1, transaction: String(transaction) }));
  await end(transaction, 1);
  await eventually('the profile has ended with the transaction', async () => !(await kept()).some(({ id: of }) => of === profile));
});

test('TC_059: a remote start carries the profile of the transaction that is to begin, without a transactionId', async () => {
  const profile = await catalogued(ofTransaction);
  await post('start', { token: driver, evse: 1, chargingProfile: profile });
  const request = asked('RemoteStartTransaction');
  expect(request).toEqual({
    idTag: driver,
    connectorId: 1,
    chargingProfile: {
      chargingProfileId: profile,
      stackLevel: 0,
      chargingProfilePurpose: 'TxProfile',
      chargingProfileKind: 'Relative',
      chargingSchedule: { duration: 300, chargingRateUnit: 'A', chargingSchedulePeriod: steps },
    },
  });
  expectWellFormed((request['chargingProfile'] as Payload)['chargingSchedule']);
  const transaction = await begin(1);
  await eventually('the profile is known to be the transaction\'s', async () => (await kept()).some((each) => each['id'] === profile && each['transaction'] === String(transaction)));
  await end(transaction, 1);
  await eventually('the profile has ended with the transaction', async () => !(await kept()).some(({ id: of }) => of === profile));
});

test('TC_066: after limits of the station, of transactions and of this one, the composite schedule is asked for and understood', async () => {
  const transaction = await begin(1);
  const ids = [await catalogued(ofStation), await catalogued(defaultProfile), await catalogued(ofTransaction)];
  for (const [i, profile] of ids.entries()) expect(await post('charging-profiles', { profile, evse: i === 0 ? 0 : 1 })).toMatchObject({ state: 'accepted' });
  expect(station.asks('SetChargingProfile').slice(-3).map(({ connectorId, csChargingProfiles }) => [connectorId, (csChargingProfiles as Payload)['chargingProfilePurpose']])).toEqual([
    [0, 'ChargePointMaxProfile'],
    [1, 'TxDefaultProfile'],
    [1, 'TxProfile'],
  ]);
  expect((await kept()).filter(({ id: of }) => ids.includes(of as number)).map(({ id: of, evse, transaction: its }) => [of, evse, its])).toEqual([
    [ids[0], 0, null],
    [ids[1], 1, null],
    [ids[2], 1, String(transaction)],
  ]);
  const told = { duration: 300, chargingRateUnit: 'A', chargingSchedulePeriod: [steps[0]!, { ...steps[1]!, limit: 10 }, steps[2]!] };
  station.answer('GetCompositeSchedule', { status: 'Accepted', connectorId: 1, scheduleStart: startSchedule, chargingSchedule: told });
  expect(await post('composite-schedule', { evse: 1, duration: 300, unit: 'A' })).toMatchObject({
    state: 'accepted',
    result: { payload: { connectorId: 1, chargingSchedule: told } },
    schedule: { evse: 1, startsAt: startSchedule, duration: 300, unit: 'A', periods: told.chargingSchedulePeriod },
  });
  expect(asked('GetCompositeSchedule')).toEqual({ connectorId: 1, duration: 300, chargingRateUnit: 'A' });
  await end(transaction, 1);
});

test('TC_067: a profile is cleared by its id, by what it is for, and one that is not there is told so', async () => {
  await post('charging-profiles/clear', {});
  expect(asked('ClearChargingProfile')).toEqual({});
  expect(await kept()).toEqual([]);
  const [one, other] = [await catalogued(defaultProfile), await catalogued({ ...defaultProfile, stackLevel: 1 })];
  for (const profile of [one, other]) await post('charging-profiles', { profile, evse: 1 });
  await post('charging-profiles/clear', { profile: one });
  expect(asked('ClearChargingProfile')).toEqual({ id: one });
  expect((await kept()).map(({ id: of }) => of)).toEqual([other]);
  await post('charging-profiles/clear', { evse: 1, purpose: 'TxDefaultProfile', stackLevel: 1 });
  expect(asked('ClearChargingProfile')).toEqual({ connectorId: 1, chargingProfilePurpose: 'TxDefaultProfile', stackLevel: 1 });
  expect(await kept()).toEqual([]);
  station.answer('ClearChargingProfile', { status: 'Unknown' });
  expect(await post('charging-profiles/clear', { profile: one })).toMatchObject({ state: 'rejected', result: { payload: { status: 'Unknown' } } });
});

invariantsHold();
