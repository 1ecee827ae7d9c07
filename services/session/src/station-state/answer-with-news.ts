import type { ConnectionReport, StationAnswer, StationCall } from '@ohmnibus/contracts';

/**
 * Answers calls, and stores what a boot brings along of its connection: added just before what the boot says, so that both change the
 * station's row in one commit. Whoever gets an answer knows that both are stored.
 */
export function answerWithNews(
  answer: (call: StationCall) => Promise<StationAnswer>,
  store: (report: ConnectionReport) => Promise<void>,
): (call: StationCall) => Promise<StationAnswer> {
  return (call) => (call.connected ? withNews(call, call.connected, answer, store) : answer(call));
}

async function withNews(
  call: StationCall,
  { pod, remoteAddress, at }: NonNullable<StationCall['connected']>,
  answer: (call: StationCall) => Promise<StationAnswer>,
  store: (report: ConnectionReport) => Promise<void>,
): Promise<StationAnswer> {
  const { tenant, station, epoch, protocol } = call.origin;
  const stored = store({ tenant, station, phase: 'connected', epoch, pod, protocol, remoteAddress, at });
  const [answered] = await Promise.all([answer(call), stored]);
  return answered;
}
