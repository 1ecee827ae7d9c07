import type { Flag } from './operations/transaction.js';

/** What the energy register of an EVSE showed at one moment. */
export interface Reading {
  /** By the station's clock. */
  readonly at: Date;
  readonly wh: number;
}

export interface MeasuredCharge {
  /** From the start to the end, in the order of time. */
  readonly readings: readonly Reading[];
  /** How long the charge took at most, in milliseconds; given only where the station's clock is not to be trusted in detail. */
  readonly atMostMs?: number;
  /** What the register showed when the charge before on this EVSE ended. */
  readonly before?: number;
}

/** Below this nothing is remarked, in Wh: what rounding, a late reading or the station's own use explain. */
const slackWh = 1_000;
const gapWh = 100;
const hourMs = 3_600_000;

/**
 * What is odd about the energy of a charge: a register that falls on the way, more than the connector could have delivered between two
 * readings, or a register that went on since the charge before. A register that begins anew with each charge leaves no gap.
 * @param maxPowerW what any connector of the system can deliver
 */
export function energyFlags({ readings, atMostMs, before }: MeasuredCharge, maxPowerW: number): Flag[] {
  const flags: Flag[] = [];
  const [first, last] = [readings[0], readings.at(-1)];
  if (!first || !last) return flags;
  // Times that cannot be trusted do not order the readings either.
  const spans: Span[] = atMostMs === undefined ? readings.slice(1).map((reading, i) => between(readings[i]!, reading)) : [{ wh: last.wh - first.wh, ms: atMostMs }];
  if (spans.some(({ wh }) => wh < 0)) flags.push('energy-decreased');
  if (spans.some(({ wh, ms }) => wh > (maxPowerW * Math.max(ms, 0)) / hourMs + slackWh)) flags.push('energy-implausible');
  if (before !== undefined && first.wh - before > gapWh) flags.push('meter-gap');
  return flags;
}

interface Span {
  readonly wh: number;
  readonly ms: number;
}

function between(a: Reading, b: Reading): Span {
  return { wh: b.wh - a.wh, ms: b.at.getTime() - a.at.getTime() };
}
