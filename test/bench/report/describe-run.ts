import type { TimedRun } from '../measure/timed-run.js';

/** The client's share of the machine beyond which it may have been the limit. */
const clientLimit = 0.25;

/** One line for a turn. */
export function describeRun(run: TimedRun): string {
  const parts = Object.entries(run.parts).map(([name, microseconds]) => `${name} ${microseconds.toFixed(1)}`);
  return [
    `${run.contender.padEnd(14)} ${thousands(run.perSecond)} msg/s (${thousands(run.sustainedPerSecond)} until settled), ${run.microseconds.toFixed(1)} us a message`,
    `(${parts.join(', ')})`,
    `p50 ${run.p50Ms.toFixed(1)} ms, p99 ${run.p99Ms.toFixed(1)} ms,`,
    `client ${percent(run.clientShare)}${run.clientShare > clientLimit ? ' WARNING: above 25 %' : ''}, others ${percent(run.othersShare)}, stolen ${percent(run.stolenShare)}`,
  ].join(' ');
}

export function thousands(perSecond: number): string {
  return perSecond >= 10_000 ? `${(perSecond / 1000).toFixed(1)}k` : perSecond >= 1_000 ? `${(perSecond / 1000).toFixed(2)}k` : perSecond.toFixed(0);
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(0)} %`;
}
