import { versions } from '@ohmnibus/ocpp';
import type { Log, Metrics, Timer } from '@ohmnibus/runtime';
import type { DispatchObserver } from './dispatch.js';

const knownActions = new Set(Object.values(versions).flatMap(({ actions }) => [...actions]));

/** Commands in the metrics and in the log. */
export function observeCommands(metrics: Metrics, log: Log): DispatchObserver {
  const seconds = metrics.timings('command_seconds', 'Time from a command to its end');
  const timers = new Map<string, Map<string, Timer>>();
  const timerOf = (action: string, state: string): Timer => {
    // Whatever a caller makes up must not become a time series.
    const known = knownActions.has(action) ? action : 'other';
    let byState = timers.get(known);
    if (!byState) timers.set(known, (byState = new Map()));
    let timer = byState.get(state);
    if (!timer) byState.set(state, (timer = seconds.of({ action: known, state })));
    return timer;
  };
  return {
    finished: ({ id, tenant, station, action }, { state, result }, elapsed) => {
      timerOf(action, state).observe(elapsed);
      log.debug('command-finished', { tenant, station, messageId: id, action, state, ...(result.type === 'none' && { reason: result.reason }) });
    },
    notStored: ({ id, tenant, station, action }, error) => log.error('command-end-not-stored', { tenant, station, messageId: id, action, error }),
  };
}
