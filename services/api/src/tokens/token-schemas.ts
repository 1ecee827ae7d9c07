import { tokenValue } from '@ohmnibus/contracts';
import { tokenStatuses } from '@ohmnibus/domain';
import { z } from 'zod';
import { isoTime, pageSchema, paging } from '../http/page.js';

export const tokenSchema = z
  .object({
    token: z.string(),
    status: z.enum(tokenStatuses),
    expiresAt: isoTime.nullable(),
    group: z.string().nullable(),
    createdAt: isoTime,
    updatedAt: isoTime,
  })
  .meta({ id: 'Token' });
export type TokenView = z.infer<typeof tokenSchema>;
export const tokenPage = pageSchema('TokenPage', tokenSchema);

export const putTokenBody = z
  .strictObject({
    status: z.enum(tokenStatuses).default('Accepted'),
    expiresAt: z.iso.datetime({ offset: true }).nullable().default(null).meta({ description: 'RFC 3339; it may lie in the past' }),
    group: tokenValue.nullable().default(null).meta({ description: 'Tokens of one group may stop each other\'s transactions' }),
  })
  .meta({ id: 'PutToken' });
export type PutTokenBody = z.output<typeof putTokenBody>;

export const tokenQuery = z.strictObject(paging);
export type TokenQuery = z.output<typeof tokenQuery>;
