/**
 * How a reservation stands. `requested`: the station has not answered yet. `active`: it holds an EVSE. `used`: a transaction has begun with
 * it. `expired`: its time is over. `cancelled`: by an operator, or by the station itself. `refused`: the station said no. `failed`: it
 * certainly does not exist, because the station was not reached. `unknown`: the station was asked, and no answer came.
 */
export const reservationStates = ['requested', 'active', 'used', 'expired', 'cancelled', 'refused', 'failed', 'unknown'] as const;
export type ReservationState = (typeof reservationStates)[number];

/** Whether a station may, in this state, be holding an EVSE for somebody. */
export function isOpenReservation(state: ReservationState): boolean {
  return state === 'requested' || state === 'active' || state === 'unknown';
}
