import { EventSubscription, type Bus } from '@ohmnibus/bus';
import type { Log } from '@ohmnibus/runtime';
import type { ReconcileTransactions } from './reconcile/reconcile-transactions.js';

/** Handled at once in this process: their writes share commits. */
const atOnce = 256;

/** What this service does about what happened. */
export async function reactToEvents(bus: Bus, { reconcile }: { readonly reconcile: ReconcileTransactions }, log: Log): Promise<EventSubscription[]> {
  const common = { atOnce, log: (event: string, context: Record<string, unknown>) => log.warn(event, context) };
  return [await EventSubscription.open(bus, { ...common, name: 'reconcile-boots', type: 'station.booted', handle: (event) => reconcile.booted(event) })];
}
