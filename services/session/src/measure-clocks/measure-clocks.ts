import type { MeasuredClocks } from '@ohmnibus/contracts';
import { ClockDrift, type Clock } from '@ohmnibus/domain';
import type { ClockStore } from './clock-store.js';

/** Measures how far the clocks of stations are off: in memory as they report, in the database now and then. */
export class MeasureClocks {
  /** What stations date is noted here. */
  readonly drift = new ClockDrift();

  constructor(
    private readonly store: Pick<ClockStore, 'keep'>,
    private readonly clock: Clock,
  ) {}

  /** Keeps what has been measured here since the last time; lost if the database is away, as there will be more. */
  async flush(): Promise<void> {
    const measured = this.drift.take(this.clock.now());
    if (measured.length > 0) await this.store.keep(measured);
  }

  /** What another service has measured. */
  async keep({ clocks }: MeasuredClocks): Promise<Record<string, never>> {
    await this.store.keep(clocks.map(({ since, until, ...clock }) => ({ ...clock, since: new Date(since), until: new Date(until) })));
    return {};
  }
}
