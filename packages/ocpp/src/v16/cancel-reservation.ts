import { cancellationAnswered, cancelReservation as cancel, found } from '@ohmnibus/domain';
import { statusVerdict } from '../message.js';
import { toStation } from './dialect.js';

const verdict = statusVerdict('Accepted');

/** Has the station let go of a reservation. `Rejected`: it has none of that id. */
export const cancelReservation = toStation('CancelReservation', cancel).translate({
  toRequest: ({ id }) => ({ reservationId: id }),
  toVerdict: verdict,
  toFinding: ({ reservationId }, reply) => found(cancellationAnswered, { id: reservationId, ...verdict(reply) }),
});
