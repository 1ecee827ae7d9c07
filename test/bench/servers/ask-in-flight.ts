import { Latencies } from '../measure/latencies.js';
import type { AskOptions, AskReport } from './server-api.js';

/**
 * Asks stations for a while, so many at a time, each at most once at a time.
 * @param ask resolves when the station has accepted
 */
export async function askInFlight<Station>(stations: readonly Station[], { inFlight, seconds }: AskOptions, ask: (station: Station) => Promise<void>): Promise<AskReport> {
  const latencies = new Latencies();
  const failed: string[] = [];
  let answered = 0;
  const start = performance.now();
  const end = start + seconds * 1000;
  // Each worker has stations of its own.
  const worker = async (first: number) => {
    for (let i = first; performance.now() < end && failed.length < 5; i = i + inFlight < stations.length ? i + inFlight : first) {
      const sentAt = performance.now();
      try {
        await ask(stations[i]!);
        answered++;
        latencies.add(performance.now() - sentAt);
      } catch (error) {
        failed.push(String(error));
      }
    }
  };
  await Promise.all(Array.from({ length: inFlight }, (_, i) => worker(i)));
  return { answered, failed, p50Ms: latencies.quantile(0.5), perSecond: (answered * 1000) / (performance.now() - start) };
}
