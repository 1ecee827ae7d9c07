import { tokenStatuses } from '@ohmnibus/domain';
import { z } from 'zod';
import { question } from './contract.js';
import { stationId, tokenValue } from './registry.js';

/** What an operator notes for himself. */
const note = z
  .string()
  .max(200)
  // eslint-disable-next-line no-control-regex -- the database has no room for NUL
  .regex(/^[^\u0000]*$/, 'a note must not contain NUL');

const maxTransactions = z.number().int().min(1).max(1_000_000);

/** Where a token may be used. Naming nothing would make it useless, which is what `Blocked` is for. */
export const tokenScope = z
  .strictObject({ stations: z.array(stationId).max(200).default([]), prefixes: z.array(stationId).max(50).default([]) })
  .refine(({ stations, prefixes }) => stations.length + prefixes.length > 0, 'a scope names at least one station or prefix');

/** What an operator says of a token; for whoever takes it in another place. */
export const tokenFields = {
  token: tokenValue,
  status: z.enum(tokenStatuses),
  /** RFC 3339; it may lie in the past. */
  expiresAt: z.iso.datetime({ offset: true }).nullable(),
  group: tokenValue.nullable(),
  /** Null or absent: everywhere. */
  scope: tokenScope.nullish(),
  /** Open transactions at once. Null: any number; absent: one. */
  maxTransactions: maxTransactions.nullish(),
  note: note.nullish(),
};

const token = z.object(tokenFields);
export type TokenFields = z.infer<typeof token>;

const tenant = z.string();

/** Makes a token what is given. */
export const putToken = question({
  subject: 'transaction.token.put',
  question: token.extend({ tenant }),
  answer: z.object({ created: z.boolean() }),
  timeoutMs: 5_000,
});

/** Makes many tokens what is given, all or none; no two of them are the same but for their case. */
export const importTokens = question({
  subject: 'transaction.token.import',
  question: z.object({ tenant, tokens: z.array(token).max(1_000) }),
  answer: z.object({ created: z.number().int(), updated: z.number().int() }),
  timeoutMs: 15_000,
});

export const deleteToken = question({
  subject: 'transaction.token.delete',
  question: z.object({ tenant, token: z.string() }),
  answer: z.object({ deleted: z.boolean() }),
  timeoutMs: 5_000,
});

/** What an operator says of a group of tokens. */
export const tokenGroupFields = {
  group: tokenValue,
  status: z.enum(tokenStatuses),
  /** Open transactions of all its tokens at once; null: any number. */
  maxTransactions: maxTransactions.nullable(),
  note: note.nullable(),
};

/** Says what holds for all tokens of a group. */
export const putTokenGroup = question({
  subject: 'transaction.token-group.put',
  question: z.object({ tenant, ...tokenGroupFields }),
  answer: z.object({ created: z.boolean() }),
  timeoutMs: 5_000,
});

/** Takes back what was said of a group; its tokens stay in it. */
export const deleteTokenGroup = question({
  subject: 'transaction.token-group.delete',
  question: z.object({ tenant, group: z.string() }),
  answer: z.object({ deleted: z.boolean() }),
  timeoutMs: 5_000,
});
