import { Fault } from '@ohmnibus/domain';
import { z } from 'zod';

/** Where a page ends: the key of its last row. Opaque to clients. */
export function writeCursor(key: readonly unknown[]): string {
  return Buffer.from(JSON.stringify(key)).toString('base64url');
}

/** Undefined without a cursor. Throws `bad-value` for one that this list has not given. */
export function readCursor<T>(cursor: string | undefined, key: z.ZodType<T>): T | undefined {
  if (cursor === undefined) return undefined;
  try {
    return key.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString()));
  } catch {
    throw new Fault('bad-value', 'cursor: it is not one that this list has given', { problems: [{ path: 'cursor', message: 'it is not one that this list has given' }] });
  }
}

/** Parts of keys. */
export const key = {
  /** There is no year 0 in the database. */
  time: z.iso
    .datetime()
    .transform((text) => new Date(text))
    .refine((time) => time.getUTCFullYear() >= 1),
  integer: z.int().min(-0x8000_0000).max(0x7fff_ffff),
  bigint: z.int().transform((value) => BigInt(value)),
  /** Of a column whose numbers may be above 2^53. */
  digits: z
    .string()
    .regex(/^-?\d{1,19}$/)
    .transform((text) => BigInt(text))
    .refine((value) => BigInt.asIntN(64, value) === value),
  text: z.string().refine((text) => !text.includes('\0')),
};

/** A condition for Prisma: rows behind a key in the order of its columns. */
export function behind(order: 'ascending' | 'descending', columns: Record<string, unknown>): object {
  const operator = order === 'ascending' ? 'gt' : 'lt';
  const names = Object.keys(columns);
  return {
    OR: names.map((name, i) => ({ ...Object.fromEntries(names.slice(0, i).map((before) => [before, columns[before]])), [name]: { [operator]: columns[name] } })),
  };
}
