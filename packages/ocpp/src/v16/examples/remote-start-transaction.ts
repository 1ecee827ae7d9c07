import { startCharging, type ChargingProfile } from '@ohmnibus/domain';
import { byStatus, sent } from '../../examples.js';
import { remoteStartTransaction } from '../remote-start-transaction.js';

const profile: ChargingProfile = {
  id: 9,
  purpose: 'TxProfile',
  kind: 'Relative',
  stackLevel: 0,
  schedules: [{ duration: 600, unit: 'A', periods: [{ startPeriod: 0, limit: 16, numberPhases: 1 }] }],
};
const chargingProfile = {
  chargingProfileId: 9,
  stackLevel: 0,
  chargingProfilePurpose: 'TxProfile',
  chargingProfileKind: 'Relative',
  chargingSchedule: { duration: 600, chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 16, numberPhases: 1 }] },
};

export const examples = sent(
  remoteStartTransaction,
  startCharging,
  {
    'the station chooses the connector': { input: { token: { value: '04A2B3C4D5' }, remoteStartId: 7 }, request: { idTag: '04A2B3C4D5' } },
    'at a certain connector': {
      input: { token: { value: '04A2B3C4D5', kind: 'ISO14443' }, evse: 2, remoteStartId: 7 },
      request: { idTag: '04A2B3C4D5', connectorId: 2 },
    },
    'with a limit, and no transaction to name yet': {
      input: { token: { value: '04A2B3C4D5' }, evse: 2, remoteStartId: 7, profile },
      request: { idTag: '04A2B3C4D5', connectorId: 2, chargingProfile },
    },
  },
  byStatus({ yes: ['Accepted'], no: ['Rejected'] }),
  [
    [
      { idTag: '04A2B3C4D5', connectorId: 2, chargingProfile },
      { status: 'Accepted' },
      { evse: 2, token: { value: '04A2B3C4D5' }, profile },
    ],
    [{ idTag: '04A2B3C4D5', chargingProfile }, { status: 'Rejected' }, undefined],
    [{ idTag: '04A2B3C4D5' }, { status: 'Accepted' }, undefined],
  ],
);
