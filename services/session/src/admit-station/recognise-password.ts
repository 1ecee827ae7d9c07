import type { StationRef } from '@ohmnibus/domain';
import type { KnownPasswords } from './known-passwords.js';
import type { PasswordChecks } from './password-checks.js';
import type { Credentials } from './station-credentials.js';

/** The password was right: the stored one, or the pending one with this id. */
export interface Recognised {
  readonly pending: string | undefined;
}

/**
 * Whether a password is the stored one or one of those that are on their way to the station. What was right lately is recognised without
 * a slow check, whichever of them it was; only a password that nobody has seen yet costs one for each.
 */
export class RecognisePassword {
  constructor(
    private readonly known: KnownPasswords,
    private readonly checks: PasswordChecks,
  ) {}

  /**
   * Undefined: it is wrong. Throws a Fault `overloaded` if too many passwords wait to be checked.
   */
  async run(station: StationRef, password: Buffer, { passwordHash, pending, verifier }: Credentials): Promise<Recognised | undefined> {
    // Nearly always, and then at the price of one signature.
    if (passwordHash !== null && this.known.compare(verifier, { tenant: station.tenant, station: station.station, passwordHash, password }) === 'right') return { pending: undefined };
    const stored = passwordHash === null ? [] : [{ id: undefined, passwordHash }];
    const candidates = [...stored, ...pending].map((candidate) => ({ ...candidate, asked: { ...station, passwordHash: candidate.passwordHash, password } }));
    const compared = candidates.map((candidate) => ({ ...candidate, seen: this.known.compare(verifier, candidate.asked) }));
    const seen = compared.find((candidate) => candidate.seen === 'right');
    if (seen) return { pending: seen.id };
    for (const { id, asked } of compared.filter((candidate) => candidate.seen === 'stale')) {
      if (!(await this.checks.matches(password, asked.passwordHash))) continue;
      await this.known.remember(asked);
      return { pending: id };
    }
    return undefined;
  }
}
