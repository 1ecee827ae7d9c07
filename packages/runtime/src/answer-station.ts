import { answerCall, type CallAnswer, type IncomingCall, type Operations } from '@ohmnibus/ocpp';
import type { Log } from './log.js';
import type { Metrics } from './metrics.js';
import type { Timer } from './timings.js';

/** Answers the CALLs of stations, measures how long that takes and logs what is a defect of ours. */
export function answerStation(operations: Operations, { log, metrics }: { log: Log; metrics: Metrics }): (call: IncomingCall & { readonly messageId: string }) => Promise<CallAnswer> {
  const seconds = metrics.timings('call_seconds', 'Time to answer a CALL of a station');
  const faults = metrics.counter('call_faults_total', 'CALLs of stations that were answered with an error', ['action', 'code']);
  const timers = new Map<string, Timer>();
  return async (call) => {
    const start = performance.now();
    const answer = await answerCall(call, operations, (fault) => {
      const { tenant, station } = call.origin;
      const context = { tenant, station, messageId: call.messageId, action: call.action };
      faults.inc({ action: call.action, code: fault.code });
      if (fault.code === 'internal') log.error('call-failed', { ...context, error: fault });
      else log.info('call-refused', { ...context, code: fault.code, reason: fault.message });
    });
    let timer = timers.get(call.action);
    if (!timer) timers.set(call.action, (timer = seconds.of({ action: call.action })));
    timer.observe((performance.now() - start) / 1000);
    return answer;
  };
}
