/** Who says that a transaction has ended: its station, or until it does we (`inferred`) or an operator (`closed`). */
export const endKinds = ['reported', 'inferred', 'closed'] as const;
export type EndKind = (typeof endKinds)[number];

/** What an inferred end is inferred from. A newer start on the connector needs no doubt: it ends its predecessor at once. */
export const doubtCauses = ['station-booted', 'connector-available'] as const;
export type DoubtCause = (typeof doubtCauses)[number];

/**
 * Words by which a connector that had a transaction says that it still has it, where its version has words for that: a station that
 * restarts without losing its charge reports one of them.
 */
export const chargeGoesOn: readonly string[] = ['Charging', 'SuspendedEV', 'SuspendedEVSE'];
