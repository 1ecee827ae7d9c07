import type { LocalListChange } from '../local-list.js';
import { finding } from './finding.js';
import { ask } from './operation.js';

/** Which version the list on the station has. */
export const readLocalListVersion = ask<Record<string, never>>('readLocalListVersion');

/** Replaces the station's list by what is sent (`full`), or changes it so (`differential`). */
export interface LocalListUpdate {
  readonly update: 'full' | 'differential';
  /** That the list has afterwards: positive, 32 bits, for a differential update above the one it has. */
  readonly version: number;
  /** Each token once; in a full update each with its verdict. */
  readonly changes: readonly LocalListChange[];
}

export const updateLocalList = ask<LocalListUpdate>('updateLocalList');

/** What a station can say to an update. */
export const localListVerdicts = ['accepted', 'failed', 'version-mismatch', 'not-supported'] as const;
export type LocalListVerdict = (typeof localListVerdicts)[number];

/** The station has told the version of its list: 0 if the list is empty, -1 if it keeps none at all. */
export const localListVersionRead = finding<{ readonly version: number }>('localListVersionRead');

/** The station has taken an update of its list, or refused it. */
export const localListUpdated = finding<LocalListUpdate & { readonly verdict: LocalListVerdict }>('localListUpdated');
