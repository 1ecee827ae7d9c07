import { commandAnswer, commandFields, commandResult, triggerFields } from '@ohmnibus/contracts';
import { commandStates } from '@ohmnibus/domain';
import { z } from 'zod';
import { isoTime, pageSchema, paging } from '../http/page.js';

const { action, payload, token, tokenKind, evse, transaction, chargingProfile, timeoutSeconds, idempotencyKey } = commandFields;
/** What every order takes. */
export const orderOptions = {
  timeoutSeconds: timeoutSeconds.meta({ description: 'How long to wait for the station; what is not written to it by then never is' }),
  idempotencyKey: idempotencyKey.meta({ description: 'The same key again answers with the first command instead of sending another; also as header Idempotency-Key' }),
};

export const sendBody = z
  .strictObject({
    action: action.meta({ description: 'Of the station\'s OCPP version' }),
    payload: payload.meta({ description: 'Dispatched as it is' }),
    ...orderOptions,
  })
  .meta({ id: 'SendCommand' });
export type SendBody = z.output<typeof sendBody>;

export const startBody = z
  .strictObject({
    token,
    tokenKind,
    evse: evse.meta({ description: 'Left out: the station chooses' }),
    chargingProfile: chargingProfile.meta({ description: 'A TxProfile of the catalogue, for the transaction that is to begin' }),
    ...orderOptions,
  })
  .meta({ id: 'StartCharging' });
export type StartBody = z.output<typeof startBody>;

export const stopBody = z
  .strictObject({ transaction: transaction.meta({ description: 'Our number, or the id that is on the wire' }), ...orderOptions })
  .meta({ id: 'StopCharging' });
export type StopBody = z.output<typeof stopBody>;

export const triggerBody = z
  .strictObject({
    message: triggerFields.message.meta({ description: 'Such as BootNotification, StatusNotification, MeterValues, FirmwareStatusNotification, LogStatusNotification' }),
    evse: triggerFields.evse.meta({ description: 'Left out: the station as a whole, or all of its EVSEs' }),
    ...orderOptions,
  })
  .meta({ id: 'TriggerMessage' });
export type TriggerBody = z.output<typeof triggerBody>;

export const outcomeSchema = commandAnswer.meta({ id: 'CommandOutcome' });

export const commandSchema = z
  .object({
    id: z.string(),
    station: z.string(),
    action: z.string(),
    payload: z.unknown(),
    idempotencyKey: z.string().nullable(),
    requestedBy: z.string().nullable(),
    state: z.enum(commandStates),
    result: commandResult.nullable().meta({ description: 'Null until the command has ended' }),
    createdAt: isoTime,
    deadline: isoTime,
    finishedAt: isoTime.nullable(),
  })
  .meta({ id: 'Command' });
export type Command = z.infer<typeof commandSchema>;

export const commandPage = pageSchema('CommandPage', commandSchema);
export const commandQuery = z.strictObject(paging);
