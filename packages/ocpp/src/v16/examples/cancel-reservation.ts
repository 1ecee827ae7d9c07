import { cancelReservation as cancel } from '@ohmnibus/domain';
import { byStatus, sent } from '../../examples.js';
import { cancelReservation } from '../cancel-reservation.js';

export const examples = sent(
  cancelReservation,
  cancel,
  { 'by its id': { input: { id: 17 }, request: { reservationId: 17 } } },
  byStatus({ yes: ['Accepted'], no: ['Rejected'] }),
  [
    [{ reservationId: 17 }, { status: 'Accepted' }, { id: 17, accepted: true, status: 'Accepted' }],
    [{ reservationId: 17 }, { status: 'Rejected' }, { id: 17, accepted: false, status: 'Rejected' }],
  ],
);
