import type { SimulatedStation } from '@ohmnibus/simulator';
import { eventually } from '@ohmnibus/testkit';
import type { Operator } from '../operator.js';
import { oneOfEachKind, type Stations } from '../stations.js';

/** Stations of two versions on both gateways that charge, with a reading every tenth of a second. */
export async function chargingStations(operator: Operator, stations: Stations): Promise<SimulatedStation[]> {
  const made = oneOfEachKind.flatMap((protocol) =>
    (['gateway-1', 'gateway-2'] as const).map((gateway) => stations.make(gateway, { id: `${protocol} on ${gateway}`, protocol, meterIntervalSeconds: 0.1 })),
  );
  await operator.knows(...made.map(({ id }) => id));
  await operator.accepts(...made.map(({ id }) => tokenOf(id)));
  await Promise.all(made.map((station) => station.connect()));
  await Promise.all(made.map((station) => station.startCharge({ evse: 1, token: tokenOf(station.id) })));
  return made;
}

/** Every station has reported its meter so many times more, and heard that it is stored. */
export async function moreReadings(made: readonly SimulatedStation[], times = 2): Promise<void> {
  const before = made.map(({ acknowledged }) => acknowledged.length);
  const grown = () => made.every(({ acknowledged }, i) => acknowledged.length >= before[i]! + times);
  await eventually(`every station has ${times} more readings acknowledged`, grown, { timeoutMs: 25_000 });
}

/** Ends every charge; resolves when nothing waits to be acknowledged any more. */
export async function stopCharging(made: readonly SimulatedStation[]): Promise<void> {
  await Promise.all(made.map((station) => station.stopCharge({ evse: 1 })));
  await eventually('no station waits for an answer', () => made.every(({ queued }) => queued === 0), { timeoutMs: 25_000 });
}

/** How many CALLs of the stations have ended otherwise than with a result, and whose. */
export function countUnanswered(made: readonly SimulatedStation[]): { readonly count: number; readonly stations: ReadonlySet<string> } {
  const unanswered = { count: 0, stations: new Set<string>() };
  for (const station of made) {
    station.on('settled', ({ outcome }) => {
      if (outcome === 'result') return;
      unanswered.count++;
      unanswered.stations.add(station.id);
    });
  }
  return unanswered;
}

function tokenOf(id: string): string {
  return id.replaceAll(/[^a-z0-9]/g, '');
}
