import { localListChanges, maxLocalListVersion, type LocalListChange, type LocalListEntry } from './local-list.js';
import type { LocalListUpdate } from './operations/local-list.js';

/** What is believed of the list on a station. */
export interface BelievedLocalList {
  /** Undefined: not known. 0: it is empty; -1: the station keeps none. */
  readonly version: number | undefined;
  /** Undefined: not known. */
  readonly entries: readonly LocalListEntry[] | undefined;
}

export interface UpdateRules {
  /** Lines that the station takes in one message; at least one. */
  readonly perMessage: number;
  /** Replace the list, whatever is believed of it. */
  readonly replace: boolean;
}

/**
 * The messages that bring the list on a station to what is wanted, in their order; none if it is so already. A differential update where
 * the list is known and that is less to send; else a full one. What is too long for one message goes on as differential updates, each with
 * a version of its own.
 */
export function localListUpdates(believed: BelievedLocalList, wanted: readonly LocalListEntry[], { perMessage, replace }: UpdateRules): LocalListUpdate[] {
  const version = Math.max(believed.version ?? 0, 0);
  if (!replace && believed.entries) {
    const changes = localListChanges(believed.entries, wanted);
    if (changes.length === 0) return [];
    const updates = numbered(chunks(changes, perMessage), 'differential', version);
    // A station without a list has none to change.
    if (version > 0 && changes.length <= wanted.length && fits(updates)) return updates;
  }
  const updates = numbered(chunks(wanted, perMessage), 'full', version);
  return fits(updates) ? updates : numbered(chunks(wanted, perMessage), 'full', 0);
}

function numbered(parts: readonly LocalListChange[][], first: LocalListUpdate['update'], version: number): LocalListUpdate[] {
  return parts.map((changes, i) => ({ update: i === 0 ? first : 'differential', version: version + 1 + i, changes }));
}

function fits(updates: readonly LocalListUpdate[]): boolean {
  return (updates.at(-1)?.version ?? 0) <= maxLocalListVersion;
}

/** At least one, which may be empty. */
function chunks<T>(all: readonly T[], atMost: number): T[][] {
  return Array.from({ length: Math.max(1, Math.ceil(all.length / atMost)) }, (_, i) => all.slice(i * atMost, (i + 1) * atMost));
}
