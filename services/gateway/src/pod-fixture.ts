import { once } from 'node:events';
import { Bus, type Serving } from '@ohmnibus/bus';
import { admission, connectionReport, messageLog, readExchanges, readStretches, sighting, stationCall, type Admission, type AdmissionRequest, type ConnectionReport, type LoggedExchange, type StationAnswer, type StationCall } from '@ohmnibus/contracts';
import { systemClock, type Origin, type StationRef } from '@ohmnibus/domain';
import { Presence, type Owner } from '@ohmnibus/presence';
import { createLog, loadConfig, Metrics } from '@ohmnibus/runtime';
import { eventually, openTestkit, type Testkit } from '@ohmnibus/testkit';
import { WebSocket, type ClientOptions } from 'ws';
import { config } from './config.js';
import { Pod } from './pod.js';

export const ref = (station: string): StationRef => ({ tenant: 'default', station });

const refOf = ({ tenant, station, epoch, protocol }: Origin) => ({ tenant, station, epoch, protocol });

/** A station as thin as can be: a socket, what came in on it, and how it closed. */
export class ThinStation {
  readonly frames: unknown[][] = [];
  readonly closed: Promise<{ code: number; reason: string }>;

  private constructor(readonly socket: WebSocket) {
    socket.on('message', (data) => this.frames.push(JSON.parse((data as Buffer).toString()) as unknown[]));
    socket.on('error', () => undefined);
    this.closed = new Promise((resolve) => socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() })));
  }

  /** Rejects if the upgrade is refused. */
  static async connect(url: string, protocols: string | string[] = 'ocpp1.6', options: ClientOptions = {}): Promise<ThinStation> {
    const socket = new WebSocket(url, protocols, options);
    const station = new ThinStation(socket);
    await once(socket, 'open');
    return station;
  }

  /** The HTTP status, headers and body with which an upgrade is refused. */
  static async refusal(url: string, protocols: string | string[] = 'ocpp1.6', options: ClientOptions = {}): Promise<{ status: number | undefined; headers: Record<string, unknown>; body: string }> {
    const socket = new WebSocket(url, protocols, options);
    socket.on('error', () => undefined);
    const [, response] = (await once(socket, 'unexpected-response')) as [unknown, import('node:http').IncomingMessage];
    let body = '';
    for await (const chunk of response) body += String(chunk);
    return { status: response.statusCode, headers: response.headers, body };
  }

  send(...frame: unknown[]): void {
    this.socket.send(JSON.stringify(frame));
  }

  /** The next answer to this message id. */
  answer(id: string): Promise<unknown[]> {
    return eventually(`an answer to ${id}`, () => this.frames.find((frame) => frame[0] !== 2 && frame[1] === id));
  }

  async call(id: string, action: string, payload: object = {}): Promise<unknown[]> {
    this.send(2, id, action, payload);
    return this.answer(id);
  }

  async close(): Promise<void> {
    this.socket.close();
    await this.closed;
  }
}

/** The services behind the gateways, as far as the contracts go; a test may change what they answer, or take them away. */
export class Services {
  admit: (request: AdmissionRequest) => Admission | Promise<Admission> = () => ({ verdict: 'admitted' });
  answer: (call: StationCall) => StationAnswer | Promise<StationAnswer> = (call) => ({ kind: 'result', payload: JSON.stringify({ served: call.action }) });
  readonly calls: StationCall[] = [];
  /** Those that came with boots included. */
  readonly reports: ConnectionReport[] = [];
  readonly logged: LoggedExchange[] = [];
  readonly sighted: string[] = [];
  private logging: Serving;

  private constructor(readonly bus: Bus) {
    bus.serve(admission, {}, (request) => this.admit(request));
    bus.serve(connectionReport, {}, (report) => void this.reports.push(report));
    bus.serve(sighting, {}, ({ station }) => void this.sighted.push(station));
    for (const service of ['session', 'transaction']) {
      bus.serve(stationCall, { service }, (call) => {
        this.calls.push(call);
        if (call.connected) this.reports.push({ ...refOf(call.origin), phase: 'connected', ...call.connected });
        return this.answer(call);
      });
    }
    this.logging = this.serveLog();
  }

  static async open(url: string): Promise<Services> {
    const services = new Services(await Bus.connect({ url, name: 'services' }));
    await services.bus.connection.flush();
    return services;
  }

  private serveLog(): Serving {
    return this.bus.serve(messageLog, {}, (pack) => void this.logged.push(...readStretches(pack).flatMap(readExchanges)));
  }

  async stopLog(): Promise<void> {
    await this.logging.stop();
  }

  startLog(): void {
    this.logging = this.serveLog();
  }

  /** The latest phase that was reported of a station. */
  phase(station: string): string | undefined {
    return this.reports.findLast((report) => report.station === station)?.phase;
  }
}

/** Pods in this process on NATS and Redis of their own. */
export class PodFixture {
  private readonly running = new Map<Pod, () => Promise<void>>();
  /** The names of pods that could not be started. */
  readonly failed: string[] = [];

  private constructor(
    readonly kit: Testkit,
    readonly services: Services,
    readonly presence: Presence,
  ) {}

  static async open(): Promise<PodFixture> {
    const kit = await openTestkit({ services: ['nats', 'redis'] });
    return new PodFixture(kit, await Services.open(kit.natsUrl), await Presence.connect({ url: kit.redisUrl }));
  }

  /** Starts a pod; the address is that of its stations. */
  async start(env: Record<string, string> = {}): Promise<{ pod: Pod; url: string; bus: Bus }> {
    const given = { NATS_URL: this.kit.natsUrl, REDIS_URL: this.kit.redisUrl, OCPP_PORT: '0', LOG_LEVEL: 'silent', DRAIN_SECONDS: '2', ADMISSION_CACHE_SECONDS: '0' };
    const settings = loadConfig(config, { ...given, ...env });
    const bus = await Bus.connect({ url: settings.NATS_URL, name: 'gateway' });
    const presence = await Presence.connect({ url: settings.REDIS_URL, commandTimeoutMs: 2_000 });
    const disconnect = () => Promise.all([bus.close(), presence.close()]);
    let pod: Pod | undefined;
    try {
      const started = (pod = new Pod({ config: settings, bus, presence, clock: systemClock, log: createLog('gateway', 'silent'), metrics: new Metrics('gateway') }));
      const port = await started.start();
      await bus.connection.flush();
      this.running.set(started, async () => {
        await started.stop();
        await disconnect();
      });
      return { pod: started, url: `ws://127.0.0.1:${port}/ocpp`, bus };
    } catch (error) {
      if (pod) this.failed.push(pod.name);
      await disconnect();
      throw error;
    }
  }

  async stop(pod: Pod): Promise<void> {
    const stop = this.running.get(pod);
    this.running.delete(pod);
    await stop?.();
  }

  owner(station: string): Promise<Owner | undefined> {
    return this.presence.owner(ref(station));
  }

  /** Resolves once the pod's claim of the station is through. */
  owned(station: string): Promise<Owner> {
    return eventually(`${station} has an owner`, () => this.owner(station));
  }

  async close(): Promise<void> {
    await Promise.all([...this.running.keys()].map((pod) => this.stop(pod)));
    await this.services.bus.close();
    await this.presence.close();
    await this.kit.close();
  }
}
