import type { CancelReservationCommand as CancelQuestion, ReserveAnswer } from '@ohmnibus/contracts';
import { cancelReservation, Fault, isOpenReservation } from '@ohmnibus/domain';
import type { Dispatch } from '../dispatch/dispatch.js';
import { translated } from '../dispatch/translated.js';
import type { ReservationStore } from '../reservations/reservation-store.js';

/** Has a station let go of a reservation that is not over. */
export class CancelReservationCommand {
  constructor(
    private readonly dispatch: Pick<Dispatch, 'run' | 'repetition'>,
    private readonly reservations: Pick<ReservationStore, 'stateOf'>,
  ) {}

  async run({ reservation, ...order }: CancelQuestion): Promise<ReserveAnswer> {
    const state = await this.reservations.stateOf(order, reservation);
    if (!state) throw new Fault('not-found', `station ${order.station} has no reservation ${reservation}`);
    const content = ['cancel-reservation', reservation];
    if (!isOpenReservation(state)) {
      // The same order again is answered as before, even though the reservation is over meanwhile.
      const known = await this.dispatch.repetition({ ...order, content });
      if (known) return { ...known, reservation };
      throw new Fault('conflict', `reservation ${reservation} is over: ${state}`);
    }
    const answer = await this.dispatch.run({ ...order, content, request: translated(cancelReservation, { id: reservation }) });
    return { ...answer, reservation };
  }
}
