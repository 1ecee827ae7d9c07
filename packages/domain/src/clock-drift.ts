import { implausibleClock } from './implausible-clock.js';
import type { StationRef } from './station.js';

/** How far a station's clock is from ours, by the messages of some time. */
export interface DriftMeasurement extends StationRef {
  /** Positive: the station's clock is ahead. */
  readonly driftMs: number;
  /** When the first and the last message was received. */
  readonly since: Date;
  readonly until: Date;
  /** Messages that it was measured by. */
  readonly measurements: number;
}

/** Network, queues and timestamps in whole seconds explain as much. */
const toleranceMs = 5_000;
/** Late messages agree about the time for a moment; a clock that is wrong does so for longer. */
const agreementMs = 10_000;
/** No message is as late as that: the clock was set meanwhile. */
const anotherClockMs = 366 * 86_400_000;
/** What is not known to be more than lateness by then never will be. */
const doubtMs = 3_600_000;

interface Span {
  driftMs: number;
  since: number;
  until: number;
  count: number;
  /** Of the messages that agree with it. */
  agreeSince: number;
  agreeUntil: number;
}

/**
 * Measures the clocks of stations by what they date, without a word to any store. A message may be late and never early, so of several
 * messages the one that makes the clock look most ahead is the nearest to the truth. A clock that seems to be behind is believed only when
 * messages of different moments agree, or when no lateness explains it.
 */
export class ClockDrift {
  private stations = new Map<string, { readonly station: StationRef; readonly spans: Span[] }>();

  /** @param atMost stations that are remembered until they are taken */
  constructor(private readonly atMost = 100_000) {}

  /** A message that the station dated when it sent it. */
  note({ tenant, station, receivedAt }: StationRef & { readonly receivedAt: Date }, at: Date): void {
    const [now, driftMs] = [receivedAt.getTime(), at.getTime() - receivedAt.getTime()];
    const key = `${tenant.length}:${tenant}${station}`;
    let known = this.stations.get(key);
    if (!known) {
      if (this.stations.size >= this.atMost) return;
      this.stations.set(key, (known = { station: { tenant, station }, spans: [] }));
    }
    const span = known.spans.at(-1);
    if (!span || Math.abs(driftMs - span.driftMs) > anotherClockMs) known.spans.push({ driftMs, since: now, until: now, count: 1, agreeSince: now, agreeUntil: now });
    else extend(span, driftMs, now);
  }

  /** What is certain by now, the oldest of a station first; it is forgotten here. The rest waits for further messages. */
  take(now: Date): DriftMeasurement[] {
    const taken: DriftMeasurement[] = [];
    for (const [key, { station, spans }] of this.stations) {
      const rest: Span[] = [];
      for (const span of spans) {
        const { driftMs, since, until, count } = span;
        if (isCertain(span)) taken.push({ ...station, driftMs, since: new Date(since), until: new Date(until), measurements: count });
        else if (now.getTime() - since < doubtMs) rest.push(span);
      }
      spans.splice(0, spans.length, ...rest);
      if (rest.length === 0) this.stations.delete(key);
    }
    return taken;
  }
}

function extend(span: Span, driftMs: number, now: number): void {
  span.until = now;
  span.count++;
  if (driftMs < span.driftMs - toleranceMs) return;
  // The messages before were later than they seemed, or the clock was set.
  if (driftMs > span.driftMs + toleranceMs) span.agreeSince = now;
  span.agreeUntil = now;
  span.driftMs = Math.max(span.driftMs, driftMs);
}

function isCertain({ driftMs, until, agreeSince, agreeUntil }: Span): boolean {
  return driftMs >= -toleranceMs || agreeUntil - agreeSince >= agreementMs || implausibleClock(new Date(until + driftMs), new Date(until));
}

/**
 * When something really happened that a station dated with a clock which cannot be right, by the drift that was measured then. Undefined if
 * that does not make it plausible either, as when the clock was set in between.
 */
export function correctedTime(at: Date, receivedAt: Date, driftMs: number): Date | undefined {
  const corrected = new Date(at.getTime() - driftMs);
  return implausibleClock(corrected, receivedAt) || corrected.getTime() > receivedAt.getTime() + 2 * toleranceMs ? undefined : corrected;
}
