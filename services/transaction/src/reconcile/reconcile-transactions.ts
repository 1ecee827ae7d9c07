import type { Log } from '@ohmnibus/runtime';
import type { DoubtStore } from './doubt-store.js';

const batchDoubts = 200;

/**
 * Ends transactions that stations have left open. A boot or a connector that is free says that none is open there, but in no order with the
 * ends themselves, which may wait in the station's queue: so it is a doubt at first, and an inferred end only if nothing to the contrary is
 * heard for the time of grace. Nothing is ever said to the station, and its own end corrects ours.
 */
export class ReconcileTransactions {
  constructor(
    private readonly doubts: Pick<DoubtStore, 'compare' | 'settle'>,
    private readonly log: Log,
  ) {}

  /**
   * Looks for stations that have booted, and for connectors that are free or not there at all, beside an open transaction. They are compared now
   * and then, instead of hearing of every boot and every change of every connector, nearly all of which say nothing of an open transaction.
   */
  compare(): Promise<void> {
    return this.doubts.compare();
  }

  /** Ends what is due. */
  async settle(): Promise<void> {
    for (const { tenant, station, number, cause } of await this.doubts.settle(batchDoubts)) {
      this.log.warn('transaction-end-inferred', { tenant, station, transaction: number, cause });
    }
  }
}
