import { z } from 'zod';
import { commandAnswer, commandFields, orderFields } from './command.js';
import { question } from './contract.js';
import { tokenValue } from './registry.js';

const { token, tokenKind } = commandFields;

/** The fields of commands about reservations, for whoever offers them in another place. */
export const reservationFields = {
  /** 0: whichever EVSE is free. */
  evse: z.int().min(0).max(0x7fff_ffff).default(0),
  /** Left out: the group that the token has. Null: nobody but the token. */
  group: tokenValue.nullish(),
  expiresAt: z.iso.datetime({ offset: true }).refine((at) => Date.parse(at) > Date.now(), 'the reservation would have expired already'),
  reservation: z.int().positive().max(0x7fff_ffff),
};
const { evse, group, expiresAt, reservation } = reservationFields;

export const reserveAnswer = commandAnswer.extend({ reservation });
export type ReserveAnswer = z.infer<typeof reserveAnswer>;

/** Has a station of any version hold an EVSE for a token. Never delivered late; the answer names the reservation, whatever came of it. */
export const reserveCommand = question({
  subject: 'csms.command.reserve',
  question: z.object({ ...orderFields, token, tokenKind, evse, group, expiresAt }),
  answer: reserveAnswer,
  timeoutMs: 630_000,
});
export type ReserveCommand = z.infer<typeof reserveCommand.question>;

/** Has the station let go of a reservation. */
export const cancelReservationCommand = question({
  subject: 'csms.command.cancel-reservation',
  question: z.object({ ...orderFields, reservation }),
  answer: reserveAnswer,
  timeoutMs: 630_000,
});
export type CancelReservationCommand = z.infer<typeof cancelReservationCommand.question>;
