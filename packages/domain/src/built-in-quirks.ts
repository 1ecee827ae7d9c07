import type { QuirkProfile } from './quirks.js';

/** Profiles that hold for every tenant that has none of its own for a make. */
export const builtInQuirks: readonly QuirkProfile[] = [];
