import type { ProposePassword, SettlePassword } from '@ohmnibus/contracts';
import { Fault, type StationRef } from '@ohmnibus/domain';
import type { Log } from '@ohmnibus/runtime';
import type { PasswordChecks } from '../admit-station/password-checks.js';
import { maxPending, type PendingStore } from './pending-store.js';

/**
 * Changes passwords such that a station is never locked out (A01.FR.03, A01.FR.04): the new one is right from before it is sent; which of
 * them is the station's is settled by its answer or, where none came, by the one that it next connects with.
 */
export class RotatePassword {
  constructor(
    private readonly pending: PendingStore,
    private readonly checks: Pick<PasswordChecks, 'hash'>,
    /** Others may remember an admission with the old one. */
    private readonly tell: (station: StationRef) => void,
    private readonly log: Log,
  ) {}

  /** Must be answered before the password is sent. Throws a Fault `not-found`, or `conflict` while another one is on its way. */
  async propose({ tenant, station, id, password, openUntil }: ProposePassword): Promise<void> {
    const passwordHash = await this.checks.hash(Buffer.from(password));
    const outcome = await this.pending.propose({ tenant, station }, id, passwordHash, new Date(openUntil));
    if (outcome === 'no-station') throw new Fault('not-found', `there is no station ${JSON.stringify(station)}`);
    if (outcome === 'another-open') throw new Fault('conflict', 'another new password is on its way to this station');
    if (outcome === 'too-many') {
      throw new Fault('conflict', `the outcome of ${maxPending} new passwords is not known; the station's next connection tells, or set its password`);
    }
  }

  /** What became of it. Idempotent. */
  async settle({ tenant, station, id, outcome }: SettlePassword): Promise<{ settled: boolean }> {
    const ref = { tenant, station };
    if (outcome === 'unknown') return { settled: await this.pending.close(ref, id) };
    const settled = outcome === 'taken' ? await this.pending.take(ref, id) : await this.pending.drop(ref, id);
    if (settled) {
      this.tell(ref);
      this.log.info('password-rotation-settled', { tenant, station, messageId: id, outcome });
    }
    return { settled };
  }
}
