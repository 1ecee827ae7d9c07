import { setTimeout as delay } from 'node:timers/promises';
import { inspect } from 'node:util';

export interface EventuallyOptions {
  /** How long to wait, in milliseconds. Default 15 000: a machine that is busy may stand still for seconds. */
  timeoutMs?: number;
  /** How long to rest between two looks, in milliseconds. Default 20. */
  intervalMs?: number;
}

type Truthy<T> = Exclude<T, false | null | undefined | 0 | ''>;

/**
 * Looks until `condition` returns something truthy, and returns that. A condition that throws counts as not yet true.
 * After `timeoutMs` it throws an error that says what was waited for (`name`) and what the last look saw.
 */
export async function eventually<T>(
  name: string,
  condition: () => T | Promise<T>,
  { timeoutMs = 15_000, intervalMs = 20 }: EventuallyOptions = {},
): Promise<Truthy<Awaited<T>>> {
  const deadline = Date.now() + timeoutMs;
  const tooLate = Symbol('too late');
  let seen = 'the first look has not returned';
  let cause: unknown;
  do {
    const timer = new AbortController();
    try {
      const late = delay(Math.max(0, deadline - Date.now()), tooLate, { signal: timer.signal });
      late.catch(() => {});
      const value = await Promise.race([Promise.resolve().then(condition), late]);
      if (value === tooLate) break;
      if (value) return value as Truthy<Awaited<T>>;
      seen = `last value: ${inspect(value, { depth: 4 })}`;
      cause = undefined;
    } catch (error) {
      seen = `last error: ${error instanceof Error ? error.message : inspect(error)}`;
      cause = error;
    } finally {
      timer.abort();
    }
    await delay(intervalMs);
  } while (Date.now() < deadline);
  throw new Error(`Not within ${timeoutMs} ms: ${name} (${seen})`, { cause });
}
