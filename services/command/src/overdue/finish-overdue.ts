import type { Clock } from '@ohmnibus/domain';
import type { CommandRecords } from '../dispatch/command-records.js';
import type { CommandStore } from '../dispatch/command-store.js';
import { finishGraceMs } from '../dispatch/dispatch.js';

/**
 * Ends commands whose process died on the way: whether they were written to their station is not known. Every process does it; a command
 * is finished once.
 */
export class FinishOverdue {
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: Pick<CommandStore, 'finishOverdue'>,
    private readonly records: Pick<CommandRecords, 'inherit'>,
    private readonly clock: Clock,
    private readonly observer: { overdue(count: number): void; failed(error: unknown): void },
  ) {}

  every(seconds: number): this {
    this.timer = setInterval(() => {
      this.round = this.run().catch((error: unknown) => this.observer.failed(error));
    }, seconds * 1000);
    return this;
  }

  /** Rejects if notes cannot be looked for, having ended what the table has all the same. */
  async run(): Promise<void> {
    const [inherited] = await Promise.allSettled([this.records.inherit()]);
    const now = this.clock.now();
    const count = await this.store.finishOverdue(now, new Date(now.getTime() - finishGraceMs));
    if (count > 0) this.observer.overdue(count);
    if (inherited.status === 'rejected') throw inherited.reason;
  }

  async stop(): Promise<void> {
    clearInterval(this.timer);
    await this.round;
  }
}
