import { startCharging, type ChargingProfile } from '@ohmnibus/domain';
import { byStatus, sent } from '../../examples.js';
import { requestStartTransaction } from '../request-start-transaction.js';

const profile: ChargingProfile = {
  id: 9,
  purpose: 'TxProfile',
  kind: 'Absolute',
  stackLevel: 3,
  validTo: new Date('2026-03-02T00:00:00Z'),
  schedules: [
    { startSchedule: new Date('2026-03-01T00:00:00Z'), unit: 'A', periods: [{ startPeriod: 0, limit: 16, numberPhases: 1, phaseToUse: 2 }] },
    { startSchedule: new Date('2026-03-01T00:00:00Z'), duration: 60, unit: 'W', minRate: 1400, periods: [{ startPeriod: 0, limit: 7_000 }] },
  ],
};
const startSchedule = '2026-03-01T00:00:00.000Z';
const chargingProfile = {
  id: 9,
  stackLevel: 3,
  chargingProfilePurpose: 'TxProfile',
  chargingProfileKind: 'Absolute',
  validTo: '2026-03-02T00:00:00.000Z',
  chargingSchedule: [
    { id: 1, startSchedule, chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 16, numberPhases: 1, phaseToUse: 2 }] },
    { id: 2, startSchedule, duration: 60, chargingRateUnit: 'W', minChargingRate: 1400, chargingSchedulePeriod: [{ startPeriod: 0, limit: 7_000 }] },
  ],
};
const asked = { remoteStartId: 8, evseId: 2, idToken: { idToken: '04A2B3C4D5', type: 'ISO14443' } };

export const examples = sent(
  requestStartTransaction,
  startCharging,
  {
    'the station chooses the EVSE, and the token is ours': {
      input: { token: { value: 'app-user-1' }, remoteStartId: 7 },
      request: { remoteStartId: 7, idToken: { idToken: 'app-user-1', type: 'Central' } },
    },
    'at a certain EVSE, with a card': {
      input: { token: { value: '04A2B3C4D5', kind: 'ISO14443' }, evse: 2, remoteStartId: 8 },
      request: asked,
    },
    'with a limit, and schedules to choose from': {
      input: { token: { value: '04A2B3C4D5', kind: 'ISO14443' }, evse: 2, remoteStartId: 8, profile },
      request: { ...asked, chargingProfile },
    },
  },
  [
    ...byStatus({ yes: ['Accepted'], no: ['Rejected'] }),
    [
      { status: 'Accepted', transactionId: 'tx-1' },
      { status: 'Accepted', accepted: true },
    ],
  ],
  [
    [
      { ...asked, chargingProfile },
      { status: 'Accepted' },
      { evse: 2, token: { value: '04A2B3C4D5', kind: 'ISO14443' }, profile },
    ],
    [asked, { status: 'Accepted' }, undefined],
  ],
);
