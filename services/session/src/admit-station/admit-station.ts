import type { Admission, AdmissionRequest } from '@ohmnibus/contracts';
import type { KnownPasswords } from './known-passwords.js';
import type { PasswordChecks } from './password-checks.js';
import type { StationSecrets } from './station-secrets.js';

const admitted: Admission = { verdict: 'admitted' };
const unknown: Admission = { verdict: 'unknown' };
const refused = (reason: string): Admission => ({ verdict: 'unauthenticated', reason });

/**
 * May this station connect? Known stations without a password may; all others with theirs, and their own id as the user's name
 * (J16 6.2, P2 A00.FR.204). Rejects with a Fault while that cannot be told.
 */
export class AdmitStation {
  constructor(
    private readonly secrets: StationSecrets,
    private readonly known: KnownPasswords,
    private readonly checks: PasswordChecks,
  ) {}

  async run({ tenant, station, username, password }: AdmissionRequest): Promise<Admission> {
    // No station can be called so, and the database would not even take the question.
    if (station.includes('\0') || tenant.includes('\0')) return unknown;
    const ref = { tenant, station };
    const [passwordHash, verifier] = await Promise.all([this.secrets.of(ref), password ? this.known.find(ref) : null]);
    if (passwordHash === undefined) return unknown;
    if (passwordHash === null) return admitted;
    if (!password) return refused('no password given');
    if (username !== station) return refused('the user name is not the station id');
    const asked = { tenant, station, passwordHash, password };
    const seen = this.known.compare(verifier, asked);
    if (seen === 'right') return admitted;
    if (seen === 'wrong' || !(await this.checks.matches(password, passwordHash))) return refused('wrong password');
    await this.known.remember(asked);
    return admitted;
  }
}
