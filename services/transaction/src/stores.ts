import type { SampleStore } from './record-samples/sample-store.js';
import type { DoubtStore } from './reconcile/doubt-store.js';
import type { EventStore } from './record-transaction/event-store.js';
import type { StopStore } from './record-transaction/stop-store.js';

/** What many stations share commits of. */
export class Stores {
  constructor(
    readonly events: EventStore,
    readonly stops: StopStore,
    readonly samples: SampleStore,
    readonly doubts: DoubtStore,
  ) {}

  /** Rows that wait for a commit. */
  get depth(): number {
    return this.events.depth + this.stops.depth + this.samples.depth;
  }

  /** Resolves when everything added so far is settled. */
  async drain(): Promise<void> {
    await Promise.all([this.events.drain(), this.stops.drain(), this.samples.drain()]);
  }
}
