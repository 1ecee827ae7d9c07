import type { StationAnswer, StationCall } from '@ohmnibus/contracts';
import { answerCall, type Operations } from '@ohmnibus/ocpp';
import { latencyBuckets, type Log, type Metrics } from '@ohmnibus/runtime';

/** Answers the CALLs of stations, measures how long that takes and logs what is a defect of ours. */
export function answerStation(operations: Operations, { log, metrics }: { log: Log; metrics: Metrics }): (call: StationCall) => Promise<StationAnswer> {
  const seconds = metrics.histogram('call_seconds', 'Time to answer a CALL of a station', ['action'], latencyBuckets);
  const faults = metrics.counter('call_faults_total', 'CALLs of stations that were answered with an error', ['action', 'code']);
  return async (call) => {
    const start = performance.now();
    const answer = await answerCall(call, operations, (fault) => {
      const { tenant, station } = call.origin;
      const context = { tenant, station, messageId: call.messageId, action: call.action };
      faults.inc({ action: call.action, code: fault.code });
      if (fault.code === 'internal') log.error('call-failed', { ...context, error: fault });
      // What passes comes in thousands while a store is away; the counter tells of it.
      else log[fault.transient ? 'debug' : 'info']('call-refused', { ...context, code: fault.code, reason: fault.message });
    });
    seconds.observe({ action: call.action }, (performance.now() - start) / 1000);
    return answer;
  };
}
