import { installChargingProfile, type ChargingProfile } from '@ohmnibus/domain';
import { byStatus, sent } from '../../examples.js';
import { setChargingProfile } from '../set-charging-profile.js';

const daily: ChargingProfile = {
  id: 7,
  purpose: 'TxDefaultProfile',
  kind: 'Recurring',
  recurrency: 'Daily',
  stackLevel: 1,
  validFrom: new Date('2026-03-01T00:00:00Z'),
  validTo: new Date('2027-03-01T00:00:00Z'),
  schedules: [
    {
      startSchedule: new Date('2026-03-01T00:00:00Z'),
      duration: 86_400,
      unit: 'W',
      minRate: 1400.5,
      periods: [
        { startPeriod: 0, limit: 11_000 },
        { startPeriod: 28_800, limit: 6_000.1, numberPhases: 1 },
      ],
    },
  ],
};

const txProfile = {
  chargingProfileId: 9,
  transactionId: 4711,
  stackLevel: 0,
  chargingProfilePurpose: 'TxProfile',
  chargingProfileKind: 'Relative',
  chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 16.1 }] },
};
const limited: ChargingProfile = { id: 9, purpose: 'TxProfile', kind: 'Relative', stackLevel: 0, schedules: [{ unit: 'A', periods: [{ startPeriod: 0, limit: 16.1 }] }] };

export const examples = sent(
  setChargingProfile,
  installChargingProfile,
  {
    'the default of a connector, every day': {
      input: { evse: 1, profile: daily },
      request: {
        connectorId: 1,
        csChargingProfiles: {
          chargingProfileId: 7,
          stackLevel: 1,
          chargingProfilePurpose: 'TxDefaultProfile',
          chargingProfileKind: 'Recurring',
          recurrencyKind: 'Daily',
          validFrom: '2026-03-01T00:00:00.000Z',
          validTo: '2027-03-01T00:00:00.000Z',
          chargingSchedule: {
            startSchedule: '2026-03-01T00:00:00.000Z',
            duration: 86_400,
            chargingRateUnit: 'W',
            minChargingRate: 1400.5,
            chargingSchedulePeriod: [
              { startPeriod: 0, limit: 11_000 },
              { startPeriod: 28_800, limit: 6_000.1, numberPhases: 1 },
            ],
          },
        },
      },
    },
    'a limit of the whole station': {
      input: {
        evse: 0,
        profile: {
          id: 8,
          purpose: 'ChargingStationMaxProfile',
          kind: 'Absolute',
          stackLevel: 0,
          schedules: [{ startSchedule: new Date('2026-03-01T00:00:00Z'), unit: 'A', periods: [{ startPeriod: 0, limit: 63 }] }],
        },
      },
      request: {
        connectorId: 0,
        csChargingProfiles: {
          chargingProfileId: 8,
          stackLevel: 0,
          chargingProfilePurpose: 'ChargePointMaxProfile',
          chargingProfileKind: 'Absolute',
          chargingSchedule: { startSchedule: '2026-03-01T00:00:00.000Z', chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 63 }] },
        },
      },
    },
    'a transaction\'s own': {
      input: { evse: 2, profile: limited, transaction: { number: 4711, wireId: '4711' } },
      request: { connectorId: 2, csChargingProfiles: txProfile },
    },
  },
  byStatus({ yes: ['Accepted'], no: ['Rejected', 'NotSupported'] }),
  [
    [{ connectorId: 2, csChargingProfiles: txProfile }, { status: 'Accepted' }, { evse: 2, profile: limited, transaction: '4711' }],
    [
      { connectorId: 0, csChargingProfiles: { ...txProfile, transactionId: undefined, chargingProfilePurpose: 'ChargePointMaxProfile' } },
      { status: 'Accepted' },
      { evse: 0, profile: { ...limited, purpose: 'ChargingStationMaxProfile' } },
    ],
    [{ connectorId: 2, csChargingProfiles: txProfile }, { status: 'Rejected' }, undefined],
  ],
);
