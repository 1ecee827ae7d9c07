import { EventSubscription, type Bus } from '@ohmnibus/bus';
import type { Log } from '@ohmnibus/runtime';
import type { ReviewTransactions } from './review-transactions/review-transactions.js';

/** Handled at once in this process: their writes share commits. */
const atOnce = 256;

/** What this service does about what happened, its own doings included. */
export function reactToEvents(bus: Bus, review: ReviewTransactions, log: Log): Promise<EventSubscription[]> {
  const common = { atOnce, log: (event: string, context: Record<string, unknown>) => log.warn(event, context) };
  return Promise.all([
    EventSubscription.open(bus, { ...common, name: 'review-ends', type: 'transaction.ended', handle: (event) => review.ended(event) }),
    EventSubscription.open(bus, { ...common, name: 'review-corrections', type: 'transaction.corrected', handle: (event) => review.ended(event) }),
  ]);
}
