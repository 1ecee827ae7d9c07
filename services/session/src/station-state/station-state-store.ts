import { booleanArray, eventLine, int8Array, textArray, timestamptzArray, type Database } from '@ohmnibus/database';
import type { ConnectionReport } from '@ohmnibus/contracts';
import { registrations } from '@ohmnibus/domain';
import { KnownPods } from './known-pods.js';
import { recordStates } from './state-statement.js';
import { stationChanges } from './station-changes.js';
import type { Boot, Registered, StationNews } from './station-news.js';

/** The rows of stations as their connections and boots leave them. A station that comes back does both at once, and its row is written once. */
export class StationStateStore {
  private readonly pods: KnownPods;

  constructor(private readonly database: Pick<Database, 'run'>) {
    this.pods = new KnownPods(database);
  }

  /**
   * Applies news in one commit, each only if it is newer than what is stored; events go with what was applied. Answers boots in their places;
   * undefined: the station is not, or no longer, known. One that was there before, or is older, changes nothing and is answered alike.
   */
  async record(news: readonly StationNews[]): Promise<(Registered | undefined)[]> {
    const { changes, passed, place } = stationChanges(news);
    await this.pods.note(new Set(changes.flatMap(({ connection }) => (connection?.report.phase === 'connected' ? [connection.report.pod] : []))));
    const found = await this.database.run<[place: string, registration: string, lost: boolean]>(recordStates, [
      textArray(changes, ({ tenant }) => tenant),
      textArray(changes, ({ station }) => station),
      booleanArray(changes, ({ connection }) => connection && connection.report.phase === 'connected'),
      int8Array(changes, ({ connection }) => connection?.report.epoch),
      textArray(changes, ({ connection }) => connection?.report.pod),
      textArray(changes, ({ connection }) => connection?.report.protocol),
      textArray(changes, ({ connection }) => connection?.report.remoteAddress),
      timestamptzArray(changes, ({ connection }) => connection?.report.at),
      timestamptzArray(changes, ({ connection }) => connection?.connectedAt),
      int8Array(changes, ({ boot }) => boot?.origin.epoch),
      int8Array(changes, ({ boot }) => boot?.origin.frame),
      timestamptzArray(changes, ({ boot }) => boot?.origin.receivedAt),
      textArray(changes, ({ boot }) => boot?.vendor),
      textArray(changes, ({ boot }) => boot?.model),
      textArray(changes, ({ boot }) => boot?.serialNumber),
      textArray(changes, ({ boot }) => boot?.firmwareVersion),
      textArray(changes, ({ boot }) => boot?.iccid),
      textArray(changes, ({ boot }) => boot?.imsi),
      textArray(changes, ({ boot }) => boot?.meterType),
      textArray(changes, ({ boot }) => boot?.meterSerialNumber),
      textArray(changes, ({ boot }) => boot?.reason),
      textArray(changes, ({ boot }) => boot?.policy),
      booleanArray(changes, ({ boot }) => boot?.onBootConfiguration),
      booleanArray(changes, ({ boot }) => boot?.onBootLocalList),
      textArray(changes, ({ connection }) => connection && movedLine(connection.report)),
      textArray(changes, ({ boot }) => boot && bootedLine(boot)),
      textArray(passed, ({ report }) => report.tenant),
      textArray(passed, ({ report }) => report.station),
      booleanArray(passed, ({ report }) => report.phase === 'connected'),
      int8Array(passed, ({ report }) => report.epoch),
      textArray(passed, ({ report }) => movedLine(report)),
    ]);
    const registered = Array.from<Registered | undefined>({ length: changes.length });
    for (const [n, answer, lost] of found) {
      const registration = registrations.find((name) => name === answer);
      if (registration) registered[Number(n) - 1] = { registration, lost };
    }
    return place.map((i) => (i < 0 ? undefined : registered[i]));
  }
}

/** The event of a connection that has come or gone. */
function movedLine({ tenant, station, phase, epoch, pod, protocol, remoteAddress, at }: ConnectionReport): string {
  return eventLine({ tenant, station, type: `station.${phase}`, body: { epoch, pod, protocol, remoteAddress, at } });
}

/** The event of a boot as far as it is known here: the statement adds how the station is registered, and the end. */
function bootedLine({ origin: { tenant, station, epoch, receivedAt: at }, vendor, model, serialNumber, firmwareVersion, reason }: Boot): string {
  return eventLine({ tenant, station, type: 'station.booted', body: { vendor, model, serialNumber, firmwareVersion, reason, epoch, at } }).slice(0, -2);
}
