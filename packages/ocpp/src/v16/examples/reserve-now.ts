import { reserveEvse } from '@ohmnibus/domain';
import { byStatus, sent } from '../../examples.js';
import { reserveNow } from '../reserve-now.js';

const reservation = { id: 17, token: { value: '04A2B3C4D5' }, expiresAt: new Date('2026-03-01T13:00:00Z') };
const request = { reservationId: 17, idTag: '04A2B3C4D5', expiryDate: '2026-03-01T13:00:00.000Z' };

export const examples = sent(
  reserveNow,
  reserveEvse,
  {
    'a certain connector': { input: { ...reservation, evse: 2 }, request: { ...request, connectorId: 2 } },
    'any connector': { input: { ...reservation, evse: 0 }, request: { ...request, connectorId: 0 } },
    'for a whole group': { input: { ...reservation, evse: 1, group: 'FAMILY' }, request: { ...request, connectorId: 1, parentIdTag: 'FAMILY' } },
    'a group whose name is no 1.6 token stays away': { input: { ...reservation, evse: 1, group: 'A'.repeat(21) }, request: { ...request, connectorId: 1 } },
  },
  byStatus({ yes: ['Accepted'], no: ['Faulted', 'Occupied', 'Rejected', 'Unavailable'] }),
  [
    [
      { ...request, connectorId: 2, parentIdTag: 'FAMILY' },
      { status: 'Accepted' },
      { reservation: { ...reservation, evse: 2, group: 'FAMILY' }, accepted: true, status: 'Accepted' },
    ],
    [{ ...request, connectorId: 0 }, { status: 'Occupied' }, { reservation: { ...reservation, evse: 0 }, accepted: false, status: 'Occupied' }],
  ],
);
