import { cancellationAnswered, reservationAnswered } from '@ohmnibus/domain';
import type { Findings } from '../findings/findings.js';
import type { ReservationStore } from './reservation-store.js';

/** What stations say of reservations, whichever way they were asked. */
export function learnReservations(findings: Findings, store: ReservationStore): Findings {
  return findings
    .learn(reservationAnswered, (circumstance, answer) => store.learnAnswer(circumstance, answer))
    .learn(cancellationAnswered, (circumstance, answer) => store.learnCancellation(circumstance, answer));
}
