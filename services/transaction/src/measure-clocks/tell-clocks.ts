import type { Bus } from '@ohmnibus/bus';
import { clockBatch, measuredClocks } from '@ohmnibus/contracts';
import { ClockDrift, type Clock, type TransactionReport } from '@ohmnibus/domain';

/** Measures the clocks of stations by the starts of charges, and tells session, which keeps them. */
export class TellClocks {
  private readonly drift = new ClockDrift();

  constructor(
    private readonly bus: Pick<Bus, 'ask'>,
    private readonly clock: Clock,
  ) {}

  /** A start that the station says it had to keep for us tells nothing; one that it only does not say so of is doubted as anything late. */
  note({ kind, offline, origin, at }: TransactionReport): void {
    if (kind === 'started' && !offline) this.drift.note(origin, at);
  }

  /** Tells what has been measured since the last time; lost if nobody listens, as there will be more. */
  async flush(): Promise<void> {
    const measured = this.drift.take(this.clock.now()).map(({ since, until, ...clock }) => ({ ...clock, since: since.toISOString(), until: until.toISOString() }));
    for (let at = 0; at < measured.length; at += clockBatch) await this.bus.ask(measuredClocks, {}, { clocks: measured.slice(at, at + clockBatch) });
  }
}
