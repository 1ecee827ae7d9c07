import { Bus } from '@ohmnibus/bus';
import { admission, connectionReport, stationCall, type Admission, type AdmissionRequest, type ConnectionReport, type StationAnswer, type StationCall } from '@ohmnibus/contracts';
import { Database } from '@ohmnibus/database';
import type { Origin, StationRef } from '@ohmnibus/domain';
import { createLog, loadConfig, Metrics, type RunningParts } from '@ohmnibus/runtime';
import { waitingEvents, type Testkit } from '@ohmnibus/testkit';
import { config, type SessionConfig } from './config.js';
import { startSession } from './start-session.js';
import type { Boot, Registered } from './station-state/station-news.js';
import { StationStateStore } from './station-state/station-state-store.js';

export const silent = createLog('session', 'silent');

/** What a session process of a test is configured with. */
export function settingsFor(kit: Testkit, env: Record<string, string> = {}): SessionConfig {
  const given = { NATS_URL: kit.natsUrl, REDIS_URL: kit.redisUrl, DATABASE_URL: kit.databaseUrl, ADMISSION_SECRET: 'a secret of the tests', LOG_LEVEL: 'silent' };
  return loadConfig(config, { ...given, ...env });
}

/** A session service in this process. */
export function startedSession(kit: Testkit, env: Record<string, string> = {}): Promise<RunningParts> {
  return startSession(settingsFor(kit, env), { log: silent, metrics: new Metrics('session') });
}

/** What a test asks the service by, and looks at the outcome with. */
export class Asker {
  private constructor(
    readonly bus: Bus,
    readonly database: Database,
  ) {}

  static async open(kit: Testkit): Promise<Asker> {
    return new Asker(await Bus.connect({ url: kit.natsUrl, name: 'asker' }), new Database({ url: kit.databaseUrl, name: 'asker', poolSize: 2 }));
  }

  async close(): Promise<void> {
    await this.bus.close();
    await this.database.close();
  }

  admit(station: string, password?: Buffer | string, username = station, arrival: Partial<Pick<AdmissionRequest, 'secure' | 'certificate' | 'protocol'>> = {}): Promise<Admission> {
    const bytes = password === undefined ? undefined : Buffer.from(password as string);
    return this.bus.ask(admission, {}, { tenant: 'acme', station, username: bytes && username, password: bytes, secure: false, certificate: undefined, protocol: 'v16', ...arrival });
  }

  report(phase: ConnectionReport['phase'], station: string, epoch: number, more: Partial<ConnectionReport> = {}): Promise<void> {
    return this.bus.ask(connectionReport, {}, { ...connection(phase, station, epoch), ...more });
  }

  call(origin: Origin, action: string, payload: object, connected?: StationCall['connected']): Promise<StationAnswer> {
    const call = { origin, messageId: 'm-1', action, payload: Buffer.from(JSON.stringify(payload)), connected };
    return this.bus.ask(stationCall, { service: 'session', shard: '0' }, call);
  }

  /** The events of a station so far, in their order. */
  async events(station: string): Promise<{ type: string; body: Record<string, unknown> }[]> {
    return (await waitingEvents(this.database, { station })).map(({ type, body }) => ({ type, body }));
  }

  async make(...stations: string[]): Promise<void> {
    await this.database.prisma.station.createMany({ data: stations.map((id) => ({ tenant: 'acme', id })) });
  }

  station(station: string): Promise<object | null> {
    return this.database.prisma.station.findUnique({ where: { tenant_id: { tenant: 'acme', id: station } } });
  }
}

/** Boots that arrive together. */
export function recordBoots(database: Database, boots: readonly Boot[]): Promise<(Registered | undefined)[]> {
  return new StationStateStore(database).record(boots.map((boot) => ({ kind: 'boot', boot })));
}

/** Connections that come and go together. */
export async function recordConnections(database: Database, reports: readonly ConnectionReport[]): Promise<void> {
  await new StationStateStore(database).record(reports.map((report) => ({ kind: 'connection', report })));
}

export const acme = (station: string): StationRef => ({ tenant: 'acme', station });

export function connection(phase: ConnectionReport['phase'], station: string, epoch: number): ConnectionReport {
  const at = new Date(Date.UTC(2026, 2, 1, 12, 0, epoch) + (phase === 'connected' ? 0 : 500));
  return { ...acme(station), phase, epoch, pod: `pod-${epoch}`, protocol: 'v16', remoteAddress: '192.0.2.7', at };
}

const aMinuteAgo = Date.now() - 60_000;

/** The same frame has the same stamp each time, and a place in today's or yesterday's partition. */
export function frameOf(station: string, epoch: number, frame: number, protocol: Origin['protocol'] = 'v16'): Origin {
  return { ...acme(station), protocol, epoch, frame, receivedAt: new Date(aMinuteAgo + epoch * 1000 + frame) };
}
