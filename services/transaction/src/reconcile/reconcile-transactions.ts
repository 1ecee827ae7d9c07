import type { EventMessage } from '@ohmnibus/contracts';
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
    private readonly doubts: Pick<DoubtStore, 'booted' | 'compareConnectors' | 'settle'>,
    private readonly log: Log,
  ) {}

  /** A station that is not accepted yet cannot send what it has queued: it will boot again. */
  async booted({ tenant, station, at, body }: EventMessage): Promise<void> {
    if (body['registration'] !== 'Accepted') return;
    await this.doubts.booted({ tenant, station, at: timeOf(body['at'], at) });
  }

  /**
   * Looks for connectors that are free, or not there at all, beside an open transaction. States are compared now and then, instead of hearing of every change of
   * every connector, nearly all of which say nothing of an open transaction.
   */
  compareConnectors(): Promise<void> {
    return this.doubts.compareConnectors();
  }

  /** Ends what is due. */
  async settle(): Promise<void> {
    for (const { tenant, station, number, cause } of await this.doubts.settle(batchDoubts)) {
      this.log.warn('transaction-end-inferred', { tenant, station, transaction: number, cause });
    }
  }
}

/** When the frame was received; an event without that was written right after. */
function timeOf(receivedAt: unknown, writtenAt: string): Date {
  const at = new Date(typeof receivedAt === 'string' ? receivedAt : writtenAt);
  return Number.isNaN(at.getTime()) ? new Date(writtenAt) : at;
}
