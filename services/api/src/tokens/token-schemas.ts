import { tokenFields } from '@ohmnibus/contracts';
import { defaultMaxTransactions, tokenStatuses } from '@ohmnibus/domain';
import { z } from 'zod';
import { isoTime, pageSchema, paging, plainText } from '../http/page.js';

const scopeSchema = z.object({ stations: z.array(z.string()), prefixes: z.array(z.string()) });

export const tokenSchema = z
  .object({
    token: z.string(),
    status: z.enum(tokenStatuses),
    expiresAt: isoTime.nullable(),
    group: z.string().nullable(),
    scope: scopeSchema.nullable().meta({ description: 'Null: it may be used everywhere' }),
    maxTransactions: z.number().int().nullable().meta({ description: 'Open transactions at once; null: any number' }),
    note: z.string().nullable(),
    createdAt: isoTime,
    updatedAt: isoTime,
  })
  .meta({ id: 'Token' });
export type TokenView = z.infer<typeof tokenSchema>;
export const tokenPage = pageSchema('TokenPage', tokenSchema);

const tokenRules = {
  status: tokenFields.status.default('Accepted'),
  expiresAt: tokenFields.expiresAt.default(null).meta({ description: 'RFC 3339; it may lie in the past' }),
  group: tokenFields.group.default(null).meta({ description: 'Tokens of one group may stop each other\'s transactions' }),
  scope: tokenFields.scope.meta({ description: 'The stations, and the prefixes of stations\' ids, at which it may be used; null: everywhere' }),
  maxTransactions: tokenFields.maxTransactions.default(defaultMaxTransactions).meta({ description: 'Open transactions at once; null: any number' }),
  note: tokenFields.note,
};

export const putTokenBody = z.strictObject(tokenRules).meta({ id: 'PutToken' });
export type PutTokenBody = z.output<typeof putTokenBody>;

/** One row of an import. */
export const importRow = z.strictObject({ token: tokenFields.token, ...tokenRules });

export const importTokensBody = z
  .strictObject({
    tokens: z
      .array(z.unknown())
      .min(1)
      .max(5_000)
      .meta({ description: 'Each as the body of PUT /tokens/{token}, with the token itself as `token`', items: { type: 'object' } }),
    dryRun: z.boolean().default(false).meta({ description: 'Says what is wrong and stores nothing' }),
  })
  .meta({ id: 'ImportTokens' });
export type ImportTokensBody = z.output<typeof importTokensBody>;

export const importOutcome = z
  .object({
    created: z.number().int(),
    updated: z.number().int(),
    refused: z.number().int(),
    errors: z
      .array(
        z.object({
          row: z.number().int().meta({ description: 'Counted from 1' }),
          token: z.string().nullable().meta({ description: 'As the row spells it, if it does' }),
          problems: z.array(z.object({ path: z.string(), message: z.string() })),
        }),
      )
      .meta({ description: 'One for each row that was refused' }),
  })
  .meta({ id: 'ImportOutcome' });
export type ImportOutcome = z.infer<typeof importOutcome>;

export const tokenQuery = z.strictObject({
  ...paging,
  group: plainText.optional().meta({ description: 'Compared without regard to case' }),
  status: z.enum(tokenStatuses).optional(),
});
export type TokenQuery = z.output<typeof tokenQuery>;
