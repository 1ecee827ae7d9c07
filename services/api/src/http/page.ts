import { z } from 'zod';
import { writeCursor } from './cursor.js';

/** Text that may be looked up in the database. */
export const plainText = z
  .string()
  .max(500)
  .refine((text) => !text.includes('\0'), 'must not contain NUL');

export const flag = z.enum(['true', 'false']).transform((text) => text === 'true');
/** There is no year 0 in the database, and what comes after 9999 is not read again as a time. */
export const time = z.iso
  .datetime({ offset: true })
  .transform((text) => new Date(text))
  .refine((at) => at.getUTCFullYear() >= 1, 'must not be before the year 1')
  .refine((at) => at.getUTCFullYear() <= 9999, 'must not be after the year 9999');

/** What every list takes. */
export const paging = {
  limit: z.coerce.number().int().min(1).max(500).default(50).meta({ description: 'Most items of a page' }),
  cursor: z.string().min(1).max(1000).optional().meta({ description: 'The nextCursor of the page before' }),
};

export interface Page<T> {
  readonly items: T[];
  /** Null: this is the last page. */
  readonly nextCursor: string | null;
}

export function pageSchema<T extends z.ZodType>(id: string, item: T) {
  return z.object({ items: z.array(item), nextCursor: z.string().nullable() }).meta({ id });
}

/** Of rows that were asked for with one more than the limit. */
export function page<Row, T>(rows: readonly Row[], limit: number, keyOf: (row: Row) => readonly unknown[], item: (row: Row) => T): Page<T> {
  const shown = rows.slice(0, limit);
  return { items: shown.map(item), nextCursor: rows.length > limit ? writeCursor(keyOf(shown.at(-1)!)) : null };
}

/** RFC 3339 in UTC; null stays null. */
export function iso<T extends Date | null>(at: T): T extends Date ? string : string | null {
  return (at === null ? null : at.toISOString()) as T extends Date ? string : string | null;
}

export const isoTime = z.iso.datetime();
