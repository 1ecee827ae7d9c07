import type { PipeTransform } from '@nestjs/common';
import { Fault } from '@ohmnibus/domain';
import type { z } from 'zod';

/** Checks a body or a query against its schema and gives on what the schema makes of it. An absent body is an empty one. */
export function zod<T>(schema: z.ZodType<T>): PipeTransform<unknown, T> {
  return {
    transform: (value) => {
      const parsed = schema.safeParse(value ?? {});
      if (parsed.success) return parsed.data;
      const problems = parsed.error.issues.map(({ path, message }) => ({ path: path.join('.'), message }));
      throw new Fault('bad-value', problems.map(({ path, message }) => (path ? `${path}: ${message}` : message)).join('; '), { problems });
    },
  };
}
