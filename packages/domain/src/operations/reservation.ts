import type { TokenRef } from '../token.js';
import { finding } from './finding.js';
import { ask } from './operation.js';

export interface ReservationRequest {
  /** Positive, 32 bits; on the wire as it is. A station replaces a reservation by one of the same id. */
  readonly id: number;
  /** 0: whichever is free. */
  readonly evse: number;
  readonly token: TokenRef;
  /** Tokens of this group may use it as well. */
  readonly group?: string;
  readonly expiresAt: Date;
}

/** Has the station hold an EVSE for a token. */
export const reserveEvse = ask<ReservationRequest>('reserveEvse');

export const cancelReservation = ask<{ readonly id: number }>('cancelReservation');

export interface ReservationAnswer {
  readonly reservation: ReservationRequest;
  readonly accepted: boolean;
  /** In the station's own word. */
  readonly status: string;
}

/** The station has said whether it holds an EVSE. */
export const reservationAnswered = finding<ReservationAnswer>('reservationAnswered');

export interface CancellationAnswer {
  readonly id: number;
  readonly accepted: boolean;
  /** In the station's own word. */
  readonly status: string;
}

/** The station has said whether it has let go of a reservation. */
export const cancellationAnswered = finding<CancellationAnswer>('cancellationAnswered');
