import { readCompositeSchedule } from '@ohmnibus/domain';
import { byStatus, sent } from '../../examples.js';
import { getCompositeSchedule } from '../get-composite-schedule.js';

const chargingSchedule = { chargingRateUnit: 'W', chargingSchedulePeriod: [{ startPeriod: 0, limit: 11_000 }] };

export const examples = sent(
  getCompositeSchedule,
  readCompositeSchedule,
  {
    'of a connector': { input: { evse: 1, duration: 3600 }, request: { connectorId: 1, duration: 3600 } },
    'of the station, in amperes': { input: { evse: 0, duration: 60, unit: 'A' }, request: { connectorId: 0, duration: 60, chargingRateUnit: 'A' } },
  },
  [
    ...byStatus({ yes: ['Accepted'], no: ['Rejected'] }),
    [{ status: 'Accepted', connectorId: 1, scheduleStart: '2026-03-01T12:00:00Z', chargingSchedule }, { accepted: true, status: 'Accepted' }],
  ],
  [
    [
      { connectorId: 1, duration: 3600 },
      { status: 'Accepted', connectorId: 1, scheduleStart: '2026-03-01T12:00:00Z', chargingSchedule },
      { evse: 1, startsAt: new Date('2026-03-01T12:00:00Z'), unit: 'W', periods: [{ startPeriod: 0, limit: 11_000 }] },
    ],
    [{ connectorId: 1, duration: 3600 }, { status: 'Rejected' }, undefined],
  ],
);
