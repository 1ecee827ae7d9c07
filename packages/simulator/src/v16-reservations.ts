import { integerOf, textOf, timeOf } from './payload-fields.js';
import type { RemoteControl } from './remote-control.js';
import type { Payload } from './rpc/frames.js';
import type { Reply } from './rpc/inbound-calls.js';

/** What a 1.x CSMS may ask about reservations. */
export function reservationCommands({ reservations }: RemoteControl): [string, (payload: Payload) => Reply][] {
  return [
    [
      'ReserveNow',
      (payload) => {
        const { parentIdTag } = payload;
        const { status, after } = reservations.reserve({
          id: integerOf(payload, 'reservationId'),
          evse: integerOf(payload, 'connectorId'),
          token: textOf(payload, 'idTag'),
          group: typeof parentIdTag === 'string' ? parentIdTag : undefined,
          expiresAt: timeOf(payload, 'expiryDate'),
        });
        return { payload: { status }, after };
      },
    ],
    [
      'CancelReservation',
      (payload) => {
        const { status, after } = reservations.cancel(integerOf(payload, 'reservationId'));
        return { payload: { status }, after };
      },
    ],
  ];
}
