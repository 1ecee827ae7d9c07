import { profileName, quirks } from '@ohmnibus/contracts';
import { z } from 'zod';
import { patternFields, priorityField } from '../configuration/configuration-schemas.js';
import { isoTime, pageSchema, paging } from '../http/page.js';

const text = z.string().nullable();

export const quirkProfileSchema = z
  .object({
    name: profileName,
    vendor: text,
    model: text,
    firmware: text,
    priority: z.int(),
    quirks: quirks.meta({ description: 'See docs/quirks.md' }),
    builtIn: z.boolean().meta({ description: 'Comes with the software, and counts where no profile of the tenant fits' }),
    updatedAt: isoTime.nullable(),
  })
  .meta({ id: 'QuirkProfile' });
export type QuirkProfileView = z.infer<typeof quirkProfileSchema>;
export const quirkProfilePage = pageSchema('QuirkProfilePage', quirkProfileSchema);
export const quirkProfileQuery = z.strictObject(paging);

export const putQuirkProfileBody = z.strictObject({ ...patternFields, priority: priorityField, quirks }).meta({ id: 'PutQuirkProfile' });
export type PutQuirkProfileBody = z.output<typeof putQuirkProfileBody>;
