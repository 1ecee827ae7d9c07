import { Fault } from '@ohmnibus/domain';
import { hashPassword, passwordMatches } from './password-hash.js';

/** Slow hashes, a few at a time: they take cores from everything else, and a station that waits too long gives up anyway. */
export class PasswordChecks {
  private running = 0;
  private readonly waiting: (() => void)[] = [];

  constructor(private readonly limits: { readonly atOnce: number; readonly waiting: number }) {}

  get depth(): number {
    return this.waiting.length;
  }

  /** Throws a Fault `overloaded` if too many wait already. */
  matches(password: Buffer, passwordHash: string): Promise<boolean> {
    return this.run(() => passwordMatches(password, passwordHash));
  }

  /** Likewise. */
  hash(password: Buffer): Promise<string> {
    return this.run(() => hashPassword(password));
  }

  private async run<T>(work: () => Promise<T>): Promise<T> {
    if (this.running >= this.limits.atOnce) {
      if (this.waiting.length >= this.limits.waiting) throw new Fault('overloaded', 'too many passwords wait to be checked');
      // Whoever ends hands its place over, so that nobody slips in between.
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    } else this.running++;
    try {
      return await work();
    } finally {
      const next = this.waiting.shift();
      if (next) next();
      else this.running--;
    }
  }
}
