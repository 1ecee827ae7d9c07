import type { Bus, Serving } from '@ohmnibus/bus';
import { cancelReservationCommand, reserveCommand } from '@ohmnibus/contracts';
import type { CancelReservationCommand } from '../cancel-reservation-command/cancel-reservation-command.js';
import type { ReserveCommand } from '../reserve-command/reserve-command.js';

/** The questions of the bus about reservations. */
export class ServeReservations {
  constructor(
    private readonly bus: Pick<Bus, 'serve'>,
    private readonly operations: { readonly reserve: ReserveCommand; readonly cancel: CancelReservationCommand },
  ) {}

  start(): Serving[] {
    const { reserve, cancel } = this.operations;
    return [this.bus.serve(reserveCommand, {}, (order) => reserve.run(order)), this.bus.serve(cancelReservationCommand, {}, (order) => cancel.run(order))];
  }
}
