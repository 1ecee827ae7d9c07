import type { EventMessage } from '@ohmnibus/contracts';
import { correctedTime, energyFlags, implausibleClock, type Flag } from '@ohmnibus/domain';
import type { Reviewed, ReviewStore, Verdict } from './review-store.js';

/**
 * Looks at each transaction again once it has ended, and at the next one of its EVSE if that has ended too, with the time that there was
 * not while the station waited for an answer: flags what its energy makes implausible, and corrects times by the drift of a clock that
 * cannot be right.
 */
export class ReviewTransactions {
  constructor(private readonly store: Pick<ReviewStore, 'review'>) {}

  /** The same again comes to the same. */
  async ended({ body }: EventMessage): Promise<void> {
    const number = Number(body['transaction']);
    if (Number.isInteger(number) && number > 0) await this.store.review(number);
  }
}

/** The outcome of a review; nothing here depends on when it is done, but for the drift that is known by then. */
export function judge({ start, end, readings, before, flags }: Reviewed, maxPowerW: number): Verdict {
  const trusted = !flags.includes('clock-implausible') && !flags.includes('ended-before-start');
  const found: Flag[] = end
    ? energyFlags({ readings, ...(!trusted && { atMostMs: longest(start, end) }), ...(before !== undefined && { before }) }, maxPowerW)
    : energyFlags({ readings: readings.slice(0, 1), ...(before !== undefined && { before }) }, maxPowerW);
  return { flags: found, startCorrectedAt: corrected(start), endCorrectedAt: corrected(end) };
}

type Moment = NonNullable<Reviewed['end']>;

/** Of the times that the station gave and those when we heard of them, what makes the charge longer. */
function longest(start: Moment | undefined, end: Moment): number {
  if (!start) return Infinity;
  return Math.max(end.at.getTime() - start.at.getTime(), end.receivedAt.getTime() - start.receivedAt.getTime(), 0);
}

function corrected(moment: Moment | undefined): Date | undefined {
  if (!moment || moment.driftMs === undefined || !implausibleClock(moment.at, moment.receivedAt)) return undefined;
  return correctedTime(moment.at, moment.receivedAt, moment.driftMs);
}
