import { commandFields, reservationFields, reserveAnswer } from '@ohmnibus/contracts';
import { reservationStates } from '@ohmnibus/domain';
import { z } from 'zod';
import { orderOptions } from '../commands/command-schemas.js';
import { isoTime, pageSchema, paging, plainText } from '../http/page.js';

const { token, tokenKind } = commandFields;
const { evse, group, expiresAt } = reservationFields;

export const reservationSchema = z
  .object({
    id: z.int().meta({ description: 'On the wire as it is' }),
    station: z.string(),
    evse: z.int().meta({ description: '0: any' }),
    token: z.string(),
    tokenKind: z.string().nullable(),
    group: z.string().nullable().meta({ description: 'Tokens of this group may use it as well' }),
    state: z.enum(reservationStates).meta({ description: 'unknown: the station was asked, and no answer came' }),
    status: z.string().nullable().meta({ description: 'What the station said, in its own word; where it said nothing, why' }),
    raw: z.boolean().meta({ description: 'Asked for by a raw command, whose caller chose the id' }),
    command: z.string().meta({ description: 'That asked for it' }),
    requestedAt: isoTime,
    expiresAt: isoTime,
    endedAt: isoTime.nullable().meta({ description: 'Null: it is not over' }),
    transaction: z.string().nullable().meta({ description: 'That used it' }),
    cancelStatus: z.string().nullable().meta({ description: 'What the station said to a cancellation' }),
    cancelledBy: z.string().nullable().meta({ description: 'operator, or the station itself' }),
  })
  .meta({ id: 'Reservation' });
export type Reservation = z.infer<typeof reservationSchema>;
export const reservationPage = pageSchema('ReservationPage', reservationSchema);

export const reservationFilters = z.strictObject({
  station: plainText.optional(),
  token: plainText.optional().meta({ description: 'Compared without regard to case' }),
  state: z.enum(reservationStates).optional(),
  ...paging,
});
export type ReservationFilters = z.output<typeof reservationFilters>;

/** An id that a raw caller chose may stand for reservations at several stations. */
const station = plainText.optional().meta({ description: 'Left out: that which has an id of ours, else the newest' });
export const reservationQuery = z.strictObject({ station });
export type ReservationQuery = z.output<typeof reservationQuery>;

export const reserveBody = z
  .strictObject({
    token,
    tokenKind,
    evse: evse.meta({ description: '0: whichever is free' }),
    group: group.meta({ description: 'Tokens of this group may use it as well; left out: the token\'s own group; null: none' }),
    expiresAt: expiresAt.meta({ description: 'RFC 3339' }),
    ...orderOptions,
  })
  .meta({ id: 'Reserve' });
export type ReserveBody = z.output<typeof reserveBody>;

export const cancelQuery = z.strictObject({ station, timeoutSeconds: z.coerce.number().positive().max(600).default(30).meta({ description: 'How long to wait for the station' }) });
export type CancelQuery = z.output<typeof cancelQuery>;

export const reserveOutcome = reserveAnswer
  .extend({ reservation: reserveAnswer.shape.reservation.meta({ description: 'The reservation\'s id, whatever came of it' }) })
  .meta({ id: 'ReservationOutcome' });
