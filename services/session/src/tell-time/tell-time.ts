import type { Clock } from '@ohmnibus/domain';

/** The answer to a heartbeat that says more than a gateway answers by itself (ADR 21). It comes from memory: that the station was heard from is gathered there. */
export class TellTime {
  constructor(private readonly clock: Clock) {}

  run(): { readonly at: Date } {
    return { at: this.clock.now() };
  }
}
