import type { Clock } from '@ohmnibus/domain';

/** The answer to a heartbeat. It comes from memory: that the station was heard from is gathered by the gateway. */
export class TellTime {
  constructor(private readonly clock: Clock) {}

  run(): { readonly at: Date } {
    return { at: this.clock.now() };
  }
}
