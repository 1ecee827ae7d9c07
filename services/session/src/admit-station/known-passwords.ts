import type { KeyObject } from 'node:crypto';
import type { StationRef } from '@ohmnibus/domain';
import type { Presence } from '@ohmnibus/presence';
import type { Log } from '@ohmnibus/runtime';
import { compareVerifier, verifierFor, verifierName, type VerifiedPassword } from './verifier.js';

/**
 * Passwords that were found right lately, as signatures in Redis. They only save the slow check: whatever fails here counts as not known.
 */
export class KnownPasswords {
  constructor(
    private readonly verifiers: Presence['verifiers'],
    private readonly key: KeyObject,
    private readonly keepSeconds: number,
    private readonly log: Log,
  ) {}

  /** The verifiers of stations, in their places; null if there is none, or Redis does not tell. */
  async find(stations: readonly StationRef[]): Promise<(string | null)[]> {
    try {
      return await this.verifiers.get(stations.map(verifierName));
    } catch (error) {
      this.log.warn('verifiers-not-read', { stations: stations.length, error });
      return stations.map(() => null);
    }
  }

  compare(verifier: string | null, asked: VerifiedPassword): 'right' | 'wrong' | 'stale' {
    return verifier === null ? 'stale' : compareVerifier(this.key, verifier, asked);
  }

  /** Never rejects. */
  async remember(verified: VerifiedPassword): Promise<void> {
    try {
      await this.verifiers.set(verifierName(verified), verifierFor(this.key, verified), this.keepSeconds);
    } catch (error) {
      this.log.warn('verifier-not-written', { ...refOf(verified), error });
    }
  }

  /** Tidies up; a verifier that stays is worthless once the stored hash is another. Never rejects. */
  async forget(station: StationRef): Promise<void> {
    try {
      await this.verifiers.delete(verifierName(station));
    } catch (error) {
      this.log.warn('verifier-not-deleted', { ...refOf(station), error });
    }
  }
}

function refOf({ tenant, station }: StationRef): StationRef {
  return { tenant, station };
}
