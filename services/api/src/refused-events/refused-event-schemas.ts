import { refusedEventResolutions, repairFields } from '@ohmnibus/contracts';
import { z } from 'zod';
import { flag, isoTime, pageSchema, paging, plainText, time } from '../http/page.js';

const text = z.string().nullable();

export const refusedEventSchema = z
  .object({
    id: z.string(),
    station: z.string(),
    type: z.string(),
    at: isoTime.meta({ description: 'When what it tells happened' }),
    reason: z.string().meta({ description: 'Why the stream does not take it' }),
    refusedAt: isoTime,
    resolvedAt: isoTime.nullable(),
    resolution: z.enum(refusedEventResolutions).nullable(),
    resolvedBy: text,
    note: text,
  })
  .meta({ id: 'RefusedEvent' });
export type RefusedEvent = z.infer<typeof refusedEventSchema>;
export const refusedEventPage = pageSchema('RefusedEventPage', refusedEventSchema);

export const wholeRefusedEventSchema = refusedEventSchema
  .extend({ body: z.unknown().meta({ description: 'What the event says; it may be large' }) })
  .meta({ id: 'WholeRefusedEvent' });
export type WholeRefusedEvent = z.infer<typeof wholeRefusedEventSchema>;

export const refusedEventFilters = z.strictObject({
  station: plainText.optional(),
  type: plainText.optional(),
  resolved: flag.optional(),
  from: time.optional().meta({ description: 'RFC 3339: refused at that time or later' }),
  to: time.optional().meta({ description: 'RFC 3339: refused before that time' }),
  ...paging,
});
export type RefusedEventFilters = z.output<typeof refusedEventFilters>;

const note = repairFields.note.meta({ description: 'Why, for those who come after' });
export const resolveRefusedBody = z.strictObject({ note }).meta({ id: 'ResolveRefusedEvent' });
export type ResolveRefusedBody = z.output<typeof resolveRefusedBody>;
export const replayRefusedBody = z.strictObject({ note: note.optional() }).meta({ id: 'ReplayRefusedEvent' });
export type ReplayRefusedBody = z.output<typeof replayRefusedBody>;
