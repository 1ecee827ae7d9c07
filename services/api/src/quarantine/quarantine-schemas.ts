import { quarantineStep, repairFields, resolutions } from '@ohmnibus/contracts';
import { z } from 'zod';
import { flag, isoTime, pageSchema, paging, plainText, time } from '../http/page.js';

const text = z.string().nullable();

export const quarantinedSchema = z
  .object({
    id: z.string(),
    station: z.string(),
    protocol: z.string(),
    operation: z.string(),
    reason: z.string(),
    report: z.unknown().meta({ description: 'The report as it was understood' }),
    receivedAt: isoTime,
    resolvedAt: isoTime.nullable(),
    resolution: z.enum(resolutions).nullable().meta({ description: 'How it left quarantine' }),
    resolvedBy: text,
    note: text,
    transaction: text.meta({ description: 'That it became part of, by our number' }),
    audit: z.array(quarantineStep).meta({ description: 'Everything that was tried with it, refused attempts included' }),
  })
  .meta({ id: 'Quarantined' });
export type Quarantined = z.infer<typeof quarantinedSchema>;
export const quarantinePage = pageSchema('QuarantinePage', quarantinedSchema);

export const quarantineFilters = z.strictObject({
  station: plainText.optional(),
  operation: plainText.optional().meta({ description: 'recordTransaction or recordSamples' }),
  reason: plainText.optional(),
  resolved: flag.optional(),
  resolution: z.enum(resolutions).optional(),
  from: time.optional().meta({ description: 'RFC 3339: received at that time or later' }),
  to: time.optional().meta({ description: 'RFC 3339: received before that time' }),
  ...paging,
});
export type QuarantineFilters = z.output<typeof quarantineFilters>;

const transaction = z
  .string()
  .regex(/^[1-9]\d{0,9}$/, 'our number of a transaction')
  .transform(Number)
  .pipe(repairFields.transaction)
  .meta({ description: 'Our number of the transaction' });
const note = repairFields.note.meta({ description: 'Why, for those who come after' });

export const resolveBody = z.strictObject({ note }).meta({ id: 'ResolveQuarantined' });
export type ResolveBody = z.output<typeof resolveBody>;
export const mergeBody = z.strictObject({ transaction, note: note.optional() }).meta({ id: 'MergeQuarantined' });
export type MergeBody = z.output<typeof mergeBody>;
export const replayBody = z.strictObject({ note: note.optional() }).meta({ id: 'ReplayQuarantined' });
export type ReplayBody = z.output<typeof replayBody>;
