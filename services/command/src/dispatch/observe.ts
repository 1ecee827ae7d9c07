import { versions } from '@ohmnibus/ocpp';
import { latencyBuckets, type Log, type Metrics } from '@ohmnibus/runtime';
import type { DispatchObserver } from './dispatch.js';

const knownActions = new Set(Object.values(versions).flatMap(({ actions }) => [...actions]));

/** Commands in the metrics and in the log. */
export function observeCommands(metrics: Metrics, log: Log): DispatchObserver {
  const seconds = metrics.histogram('command_seconds', 'Time from a command to its end', ['action', 'state'], latencyBuckets);
  return {
    finished: ({ id, tenant, station, action, state, result, seconds: elapsed }) => {
      // Whatever a caller makes up must not become a time series.
      seconds.observe({ action: knownActions.has(action) ? action : 'other', state }, elapsed);
      log.debug('command-finished', { tenant, station, messageId: id, action, state, ...(result.type === 'none' && { reason: result.reason }) });
    },
    notStored: ({ id, tenant, station, action, error }) => log.error('command-end-not-stored', { tenant, station, messageId: id, action, error }),
  };
}
