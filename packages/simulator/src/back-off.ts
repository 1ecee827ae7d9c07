import type { Random } from './random.js';

/** How long a station waits between attempts to connect, in milliseconds. */
export interface BackOff {
  readonly minMs: number;
  readonly maxMs: number;
}

/** Doubles with every failed attempt up to `maxMs`; half of the wait is random, so that a fleet does not come back in step. */
export function backOffMs({ minMs, maxMs }: BackOff, failedAttempts: number, random: Random): number {
  const ceiling = Math.min(maxMs, minMs * 2 ** Math.min(failedAttempts, 30));
  return ceiling / 2 + random() * (ceiling / 2);
}
