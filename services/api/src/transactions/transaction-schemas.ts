import { repairFields } from '@ohmnibus/contracts';
import { endKinds } from '@ohmnibus/domain';
import { z } from 'zod';
import { flag, isoTime, pageSchema, paging, plainText, time } from '../http/page.js';

const text = z.string().nullable();
const wh = z.number().nullable();

const momentSchema = z.object({ reported: isoTime.nullable(), received: isoTime.nullable(), corrected: isoTime.nullable() }).meta({ id: 'Moment' });

export const transactionSchema = z
  .object({
    id: z.string().meta({ description: 'Our number, unique in the whole system' }),
    wireId: z.string().meta({ description: 'The id that is on the wire' }),
    station: z.string(),
    protocol: z.string(),
    evse: z.int().nullable(),
    connector: z.int().nullable(),
    token: text,
    tokenKind: text,
    authorization: text.meta({ description: 'The verdict on the token' }),
    startedAt: isoTime.nullable().meta({ description: 'By the station\'s clock; null as long as only later events were seen' }),
    endedAt: isoTime.nullable().meta({ description: 'By the station\'s clock' }),
    endKind: z.enum(endKinds).nullable().meta({ description: 'reported by the station; until it does, inferred by us or closed by an operator' }),
    endedAbnormally: z.boolean().meta({ description: 'It has ended, and not by its station\'s word' }),
    endCause: text.meta({ description: 'Of an end that the station had not reported: station-booted, connector-available, newer-start or operator' }),
    endNote: text.meta({ description: 'The reason that an operator gave for closing it' }),
    endBy: text.meta({ description: 'The operator who closed it' }),
    endInferredAt: isoTime.nullable().meta({ description: 'When it was given an end that the station had not reported; stays when the real one arrives' }),
    times: z
      .object({ start: momentSchema, end: momentSchema })
      .meta({ description: 'Each moment three times: as the station said, as we received it, and by the drift of the station\'s clock where that was implausible' }),
    open: z.boolean(),
    startWh: wh,
    endWh: wh,
    lastWh: wh.meta({ description: 'The latest reading of the register' }),
    energyWh: wh.meta({ description: 'From the start to the end, or so far' }),
    stopReason: text,
    stopToken: text,
    chargingState: text,
    remoteStartId: z.int().nullable(),
    reservationId: z.int().nullable(),
    flags: z.array(z.string()).meta({ description: 'What is odd about the record' }),
  })
  .meta({ id: 'Transaction' });
export type Transaction = z.infer<typeof transactionSchema>;
export const transactionPage = pageSchema('TransactionPage', transactionSchema);

export const transactionFilters = z.strictObject({
  station: plainText.optional(),
  token: plainText.optional().meta({ description: 'Compared without regard to case' }),
  open: flag.optional(),
  flag: plainText.optional().meta({ description: 'With that remark, such as clock-implausible' }),
  endKind: z.enum(endKinds).optional(),
  from: time.optional().meta({ description: 'RFC 3339: started at that time or later' }),
  to: time.optional().meta({ description: 'RFC 3339: started before that time' }),
  ...paging,
});
export type TransactionFilters = z.output<typeof transactionFilters>;

const sampledValue = z.object({
  value: z.number().optional().meta({ description: 'In the plain unit: Wh, W, A, V' }),
  raw: z.string().optional().meta({ description: 'The station\'s own text where it is not a plain number' }),
  measurand: z.string().optional().meta({ description: 'Left out: Energy.Active.Import.Register' }),
  unit: z.string().optional().meta({ description: 'Left out: Wh' }),
  phase: z.string().optional(),
  location: z.string().optional().meta({ description: 'Left out: Outlet' }),
  context: z.string().optional().meta({ description: 'Left out: Sample.Periodic' }),
});
export const sampleSchema = z.object({ at: isoTime, values: z.array(sampledValue) }).meta({ id: 'Sample' });
export type SampleView = z.infer<typeof sampleSchema>;
export const samplePage = pageSchema('SamplePage', sampleSchema);

export const eventSchema = z
  .object({
    sequence: z.int(),
    kind: z.string(),
    trigger: text,
    chargingState: text,
    at: isoTime.meta({ description: 'By the station\'s clock' }),
    offline: z.boolean(),
    receivedAt: isoTime,
  })
  .meta({ id: 'TransactionEvent' });
export type EventView = z.infer<typeof eventSchema>;
export const eventPage = pageSchema('TransactionEventPage', eventSchema);

export const sampleQuery = z.strictObject({ ...paging, limit: paging.limit.meta({ description: 'Most messages of the station whose samples a page holds' }) });
export const eventQuery = z.strictObject(paging);
export type Paging = z.output<typeof eventQuery>;

export const closeBody = z.strictObject({ reason: repairFields.reason.meta({ description: 'Why, for those who come after' }) }).meta({ id: 'CloseTransaction' });
export type CloseBody = z.output<typeof closeBody>;
