import { tokenGroupFields } from '@ohmnibus/contracts';
import { tokenStatuses } from '@ohmnibus/domain';
import { z } from 'zod';
import { isoTime, pageSchema, paging } from '../http/page.js';

export const tokenGroupSchema = z
  .object({
    group: z.string(),
    status: z.enum(tokenStatuses),
    maxTransactions: z.number().int().nullable().meta({ description: 'Open transactions of all its tokens at once; null: any number' }),
    note: z.string().nullable(),
    createdAt: isoTime,
    updatedAt: isoTime,
  })
  .meta({ id: 'TokenGroup' });
export type TokenGroupView = z.infer<typeof tokenGroupSchema>;
export const tokenGroupPage = pageSchema('TokenGroupPage', tokenGroupSchema);

export const putTokenGroupBody = z
  .strictObject({
    status: tokenGroupFields.status.default('Accepted').meta({ description: 'Blocked: none of its tokens may charge' }),
    maxTransactions: tokenGroupFields.maxTransactions.default(null).meta({ description: 'Open transactions of all its tokens at once; null: any number' }),
    note: tokenGroupFields.note.default(null),
  })
  .meta({ id: 'PutTokenGroup' });
export type PutTokenGroupBody = z.output<typeof putTokenGroupBody>;

export const tokenGroupQuery = z.strictObject(paging);
export type TokenGroupQuery = z.output<typeof tokenGroupQuery>;
