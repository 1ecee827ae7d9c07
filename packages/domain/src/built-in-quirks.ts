import type { QuirkProfile } from './quirks.js';

/**
 * Profiles that hold for every tenant that has none of its own for a make. Only what was seen in the field and cannot do harm is here: what
 * changes a reading is for an operator to decide. Sources and meanings: docs/quirks.md.
 */
export const builtInQuirks: readonly QuirkProfile[] = [
  { name: 'openevse', vendor: 'OpenEVSE', priority: 0, quirks: { accepts: ['text-as-numbers'] } },
  { name: 'schneider-evlink', vendor: 'Schneider Electric', model: 'EVlink*', priority: 0, quirks: { accepts: ['long-text'] } },
  { name: 'united-chargers', vendor: 'United Chargers', priority: 0, quirks: { accepts: ['long-text'] } },
];
