import { fitsMake, type StationMake, type StationPattern } from './pattern.js';

/** Ways in which a payload may break its official schema and be accepted all the same. */
export const leniencies = ['extra-fields', 'long-text', 'other-words', 'numbers-as-text', 'text-as-numbers', 'fractions', 'nulls'] as const;
export type Leniency = (typeof leniencies)[number];

/** How stations of a make bend the rules, and so what is done differently for them. Absent: nothing is. See docs/quirks.md. */
export interface Quirks {
  /** Schema violations that are mended instead of refused. */
  readonly accepts?: readonly Leniency[] | undefined;
  /** What energy readings are multiplied by, by the unit that they are labelled with (none counts as Wh), and the registers in starts and stops. */
  readonly energyFactors?: { readonly Wh?: number | undefined; readonly kWh?: number | undefined; readonly register?: number | undefined } | undefined;
  /** The register counts from zero in each transaction, whatever the start says. */
  readonly registerRestarts?: boolean | undefined;
  /** Nothing is asked of the station for so long after its boot was answered. */
  readonly settleSeconds?: number | undefined;
  /** Time between two CALLs of ours at least. */
  readonly pacingMs?: number | undefined;
}

/** Quirks, and the stations that have them. */
export interface QuirkProfile extends StationPattern {
  readonly name: string;
  /** Of several that fit, the highest counts. */
  readonly priority: number;
  readonly quirks: Quirks;
}

/** The quirks of a make: of the profile with the highest priority of all that fit, the first by name among equals. Undefined: none. */
export function quirksOf(make: StationMake, profiles: readonly QuirkProfile[]): QuirkProfile | undefined {
  let best: QuirkProfile | undefined;
  for (const profile of profiles) {
    if (!fitsMake(make, profile)) continue;
    if (!best || profile.priority > best.priority || (profile.priority === best.priority && profile.name < best.name)) best = profile;
  }
  return best;
}
