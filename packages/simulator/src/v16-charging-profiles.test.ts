import { expect, test } from '@jest/globals';
import type { Payload } from './rpc/frames.js';
import { eventually } from './test-support/eventually.js';
import { csms, station, useStation } from './test-support/station-in-use.js';

useStation({ id: 'CP-16', protocol: 'ocpp1.6', evses: 2 });

const profile = (chargingProfilePurpose: string, limit: number, more: object = {}) => ({
  chargingProfileId: limit,
  stackLevel: 0,
  chargingProfilePurpose,
  chargingProfileKind: 'Absolute',
  chargingSchedule: { startSchedule: '2024-12-31T00:00:00Z', chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit }] },
  ...more,
});
const set = async (connectorId: number, csChargingProfiles: object) => (await csms.call('SetChargingProfile', { connectorId, csChargingProfiles }))[2];
async function composite(connectorId: number): Promise<Payload> {
  return (await csms.call('GetCompositeSchedule', { connectorId, duration: 600 }))[2] as Payload;
}
const limits = async (connectorId: number) => (await composite(connectorId))['chargingSchedule'];
const told = (...chargingSchedulePeriod: object[]) => ({ duration: 600, chargingRateUnit: 'W', chargingSchedulePeriod });

test('a 1.6 station keeps profiles, works out what they amount to, and forgets them when told', async () => {
  expect(await set(0, profile('ChargePointMaxProfile', 9_000))).toEqual({ status: 'Accepted' });
  expect(await set(1, profile('ChargePointMaxProfile', 8_000))).toEqual({ status: 'Rejected' });
  expect(await set(0, profile('TxDefaultProfile', 7_000, { chargingProfileKind: 'Recurring', recurrencyKind: 'Daily' }))).toEqual({ status: 'Accepted' });
  expect(await set(1, profile('TxProfile', 5_000))).toEqual({ status: 'Rejected' });
  expect(await composite(1)).toMatchObject({ status: 'Accepted', connectorId: 1, scheduleStart: '2025-01-01T00:00:00.000Z', chargingSchedule: told({ startPeriod: 0, limit: 7_000 }) });
  expect(await composite(3)).toEqual({ status: 'Rejected' });
  expect((await csms.call('ClearChargingProfile', { chargingProfilePurpose: 'TxDefaultProfile' }))[2]).toEqual({ status: 'Accepted' });
  expect((await csms.call('ClearChargingProfile', { id: 7_000 }))[2]).toEqual({ status: 'Unknown' });
  expect(await limits(1)).toEqual(told({ startPeriod: 0, limit: 9_000 }));
});

test('a transaction\'s profile, sent for it or with its remote start, ends with it', async () => {
  const { transactionId } = await station.startCharge({ evse: 1, token: 'A' });
  expect(await set(1, profile('TxProfile', 5_000, { transactionId: 1 }))).toEqual({ status: 'Rejected' });
  expect(await set(1, profile('TxProfile', 5_000, { transactionId }))).toEqual({ status: 'Accepted' });
  const chargingSchedule = { chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 3_000 }, { startPeriod: 300, limit: 4_000 }] };
  const chargingProfile = profile('TxProfile', 3_000, { chargingProfileKind: 'Relative', chargingSchedule });
  expect((await csms.call('RemoteStartTransaction', { idTag: 'B', connectorId: 2, chargingProfile: profile('TxDefaultProfile', 1) }))[2]).toEqual({ status: 'Rejected' });
  expect((await csms.call('RemoteStartTransaction', { idTag: 'B', connectorId: 2, chargingProfile }))[2]).toEqual({ status: 'Accepted' });
  await eventually('the second charge runs', () => station.status.get(2) === 'Charging');
  expect([await limits(1), await limits(2)]).toEqual([told({ startPeriod: 0, limit: 5_000 }), told({ startPeriod: 0, limit: 3_000 }, { startPeriod: 300, limit: 4_000 })]);
  await station.unplug(1);
  await station.unplug(2);
  expect([await limits(1), await limits(2)]).toEqual([told({ startPeriod: 0, limit: 22_080 }), told({ startPeriod: 0, limit: 22_080 })]);
});
