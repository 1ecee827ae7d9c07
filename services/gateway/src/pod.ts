import { randomBytes } from 'node:crypto';
import type { Bus, Serving } from '@ohmnibus/bus';
import { closeOlder, disconnectStation, gatewayCall, sighting, stationCall, stationChanged, type GatewayCall, type GatewayCallOutcome } from '@ohmnibus/contracts';
import { asFault, type Clock, type StationRef } from '@ohmnibus/domain';
import { versions } from '@ohmnibus/ocpp';
import type { Presence } from '@ohmnibus/presence';
import type { Log, Metrics, Timer } from '@ohmnibus/runtime';
import { Admissions } from './admissions.js';
import type { GatewayConfig } from './config.js';
import { Connections } from './connections.js';
import { ExchangeLog } from './exchange-log.js';
import type { Arrival, Entry, Handshake, Refusal } from './handshake.js';
import { OcppServer, type OcppServerOptions } from './ocpp-server.js';
import { Ownership } from './ownership.js';
import { RecentIds } from './recent-ids.js';
import { ServiceSubjects } from './shard.js';
import { StationConnection, type ConnectionHost } from './station-connection.js';
import { closeCodes, type SocketEvents, type StationSocket } from './station-socket.js';
import { TrustedProxies } from './transport.js';

export interface PodParts {
  readonly config: GatewayConfig;
  readonly bus: Bus;
  readonly presence: Presence;
  readonly clock: Clock;
  readonly log: Log;
  readonly metrics: Metrics;
}

const exchangeLimitBytes = 64 * 1024 * 1024;
const maxTimedActions = 200;
/** Changes of a station that no socket of it outlives. */
const endings: Readonly<Record<string, string>> = { deleted: 'this station is no longer known', revoked: 'a certificate of this station was taken back' };
const noVersion: Refusal = { status: 400, reason: 'no subprotocol offered' };
/** Sockets that are closed in one go when the pod stops; a storm of reconnects is not to come at once. */
const drainSlice = 500;

/** One gateway process: sockets on one side, the bus on the other. */
export class Pod {
  /** Another start is another incarnation: what names an earlier one is not ours. */
  readonly name: string;
  private readonly connections = new Connections();
  private readonly admissions: Admissions;
  private readonly ownership: Ownership;
  private readonly exchanges: ExchangeLog;
  private readonly server: OcppServer;
  private readonly host: ConnectionHost;
  private readonly written = new RecentIds(20_000);
  private readonly serving: Serving[] = [];
  private sightings: NodeJS.Timeout | undefined;
  private connectionIds = 0;
  private stopping = false;

  constructor(private readonly parts: PodParts) {
    const { config, bus, presence, clock, log, metrics } = parts;
    this.name = `${config.POD}-${randomBytes(4).toString('hex')}`;
    this.admissions = new Admissions(bus, config.ADMISSION_CACHE_SECONDS * 1000, clock);
    this.ownership = new Ownership(this.name, this.connections, presence, bus, clock, log);
    const dropped = metrics.counter('exchanges_dropped_total', 'Exchanges that the message log did not take in time');
    this.exchanges = new ExchangeLog(bus, { limitBytes: exchangeLimitBytes, dropped: (exchanges) => dropped.inc(exchanges) });
    this.host = this.makeHost();
    this.server = new OcppServer({
      address: { host: config.OCPP_HOST, port: config.OCPP_PORT, shared: config.PORT_SHARING === 'on' },
      idleSeconds: config.IDLE_SECONDS,
      frameLimitBytes: config.FRAME_LIMIT_BYTES,
      tls: tlsOptions(config, log),
      proxies: new TrustedProxies(config.TRUSTED_PROXIES),
      certificateHeaders: { certificate: config.CLIENT_CERTIFICATE_HEADER, verdict: config.CLIENT_CERTIFICATE_VERDICT_HEADER },
      admit: (arrival) => this.admit(arrival),
      refused: this.countRefusals(),
      accept: (arrival, entry, socket) => this.accept(arrival, entry, socket),
    });
    if (config.TLS_CERTIFICATE_FILE !== undefined) {
      const expiry = () => (this.server.certificateExpiresAt?.getTime() ?? 0) / 1000;
      metrics.gauge('tls_certificate_expiry_timestamp_seconds', 'When the server certificate ends, in seconds since 1970', expiry);
    }
    metrics.gauge('connections', 'Open station sockets', () => this.connections.size);
    metrics.gauge('calls_outstanding', 'Questions to services without an answer yet', () => bus.outstanding);
    metrics.gauge('exchange_bytes_waiting', 'Bytes of exchanges that are not in the message log yet', () => this.exchanges.waitingBytes);
  }

  /** Resolves with the port that stations connect to. */
  async start(): Promise<number> {
    const { bus, config } = this.parts;
    await this.ownership.start();
    this.serving.push(
      bus.serve(gatewayCall, { pod: this.name }, (call) => this.call(call)),
      bus.serve(closeOlder, { pod: this.name }, async ({ epoch, ...station }) => ({ closed: await this.ownership.closeOlder(station, epoch) })),
      bus.serve(disconnectStation, { pod: this.name }, (station) => ({ closed: this.connections.closeAll(station, 'disconnected by the operator') })),
    );
    bus.listen(stationChanged, {}, ({ change, ...station }) => {
      const reason = endings[change];
      if (reason !== undefined) this.connections.closeAll(station, reason);
    });
    this.sightings = setInterval(() => this.tellSightings(), config.SIGHTING_SECONDS * 1000);
    try {
      return await this.server.listen();
    } catch (error) {
      // Nobody stops what has not started: its name must not stay among the living, nor its rounds go on.
      await this.stop();
      throw error;
    }
  }

  /** Takes no new sockets, lets calls in work finish, closes what is open, and leaves nothing behind that names this pod. */
  async stop(): Promise<void> {
    this.stopping = true;
    this.server.stopListening();
    clearInterval(this.sightings);
    this.tellSightings();
    const drainMs = this.parts.config.DRAIN_SECONDS * 1000;
    const end = Date.now() + drainMs;
    while (Date.now() < end && [...this.connections].some((connection) => connection.busy)) await pause(20);
    await atMost(drainMs, Promise.all(this.serving.map((serving) => serving.stop())));
    let closed = 0;
    for (const connection of this.connections) {
      connection.close(closeCodes.restart, 'the gateway restarts');
      if (++closed % drainSlice === 0) await pause(50);
    }
    await this.ownership.stop(drainMs);
    await this.exchanges.drain(drainMs);
    this.server.close();
  }

  /** Has the server certificate read again, if it has changed. */
  reloadCertificate(): Promise<void> {
    return this.server.reloadCertificate();
  }

  private async admit(arrival: Arrival): Promise<Refusal | Entry> {
    const stopping: Refusal = { status: 503, reason: 'the gateway is stopping' };
    if (this.stopping) return stopping;
    try {
      const admission = await this.admissions.admit(arrival);
      // Nobody would close a socket that opens behind the last of them, nor give up its ownership.
      if (this.stopping) return stopping;
      if (admission.verdict === 'admitted') {
        const version = arrival.version ?? (admission.assumed && versions[admission.assumed]);
        return version ? { version, standing: admission.standing } : noVersion;
      }
      if (admission.verdict === 'unknown') return { status: 404, reason: 'this station is not known' };
      if (admission.verdict === 'versionless') return noVersion;
      if (admission.verdict === 'forbidden') return { status: 403, reason: [admission.reason, ...(arrival.hint === undefined ? [] : [arrival.hint])].join('; ') };
      return { status: 401, reason: admission.reason };
    } catch (error) {
      const { code } = asFault(error);
      this.parts.log.warn('admission-failed', { tenant: arrival.tenant, station: arrival.station, error });
      return { status: 503, reason: `admission cannot be decided now (${code})` };
    }
  }

  private accept({ tenant, station, remoteAddress }: Arrival, { version, standing }: Entry, socket: StationSocket): SocketEvents {
    const connection = new StationConnection(++this.connectionIds, { tenant, station }, version, remoteAddress, this.parts.presence.now(), socket, this.host, standing);
    this.connections.add(connection);
    void this.ownership.claim(connection);
    return connection;
  }

  private async call(call: GatewayCall): Promise<GatewayCallOutcome> {
    const connection = this.connections.of(call);
    if (!connection || connection.epoch === 0 || connection.epoch !== call.epoch) return { kind: 'stale' };
    if (!this.written.add(call.id)) return { kind: 'not-written', reason: 'repeated' };
    const outcome = await connection.calls.send(call);
    // Ownership was renewed while it waited: it comes again with the new epoch, and has not been written.
    if (outcome.kind === 'stale') this.written.forget(call.id);
    return outcome;
  }

  private makeHost(): ConnectionHost {
    const { bus, clock, config, metrics } = this.parts;
    const seconds = metrics.timings('call_seconds', 'Time from a CALL of a station to its answer');
    const timers = { result: new Map<string, Timer>(), error: new Map<string, Timer>() };
    const subjects = new ServiceSubjects(config.SHARDS);
    const closed = metrics.counter('connections_closed_total', 'Station sockets that closed');
    return {
      queueLimit: config.QUEUE_LIMIT,
      ask: (service, call, receiver) => bus.put(stationCall, subjects.of(service, call.origin), call, receiver),
      news: (connection) => this.ownership.reports.takeAlong(connection),
      newsTaken: (connection) => this.ownership.reports.taken(connection),
      log: (connection, epoch, exchange) => this.exchanges.record(connection, epoch, exchange),
      served: (action, outcome, took) => {
        const known = timers[outcome];
        let timer = known.get(action);
        // A station can make up actions: only so many get a time series of their own.
        if (!timer) timer = seconds.of({ action: known.size < maxTimedActions ? action : 'other', outcome });
        if (known.size < maxTimedActions) known.set(action, timer);
        timer.observe(took);
      },
      closed: (connection) => {
        closed.inc();
        this.connections.remove(connection);
        void this.ownership.closed(connection);
      },
      standing: (station) => this.admissions.forget(station),
      now: () => clock.now(),
    };
  }

  private countRefusals(): (refusal: Refusal, path: string, remoteAddress: string, handshake: Handshake | undefined) => void {
    const refusals = this.parts.metrics.counter('handshakes_refused_total', 'Upgrades refused, by HTTP status', ['status']);
    return ({ status, reason }, path, remoteAddress, handshake) => {
      refusals.inc({ status: String(status) });
      const context = { status, reason, ...(handshake && { tenant: handshake.tenant, station: handshake.station }), path, remoteAddress };
      // No mistyped password, but a wrong URL, a forgotten network, or an attack.
      if (status === 403) this.parts.log.warn('handshake-refused', context);
      else this.parts.log.info('handshake-refused', context);
    };
  }

  /** Last-seen, at most once in a while for each station, and one pack for all. */
  private tellSightings(): void {
    const at = this.parts.clock.now();
    for (const connection of this.connections) {
      if (!connection.heard) continue;
      connection.heard = false;
      const { tenant, station }: StationRef = connection.ref;
      // One that is lost is made good by the next.
      this.parts.bus.ask(sighting, {}, { tenant, station, at }).catch(() => undefined);
    }
  }
}

function tlsOptions(config: GatewayConfig, log: Log): OcppServerOptions['tls'] {
  const { TLS_CERTIFICATE_FILE: certificateFile, TLS_KEY_FILE: keyFile } = config;
  if ((certificateFile === undefined) !== (keyFile === undefined)) throw new Error('TLS_CERTIFICATE_FILE and TLS_KEY_FILE are set together or not at all');
  if (certificateFile === undefined || keyFile === undefined) return undefined;
  return {
    port: config.TLS_PORT,
    certificateFile,
    keyFile,
    lookMs: config.TLS_RELOAD_SECONDS * 1000,
    log: (event, context) => (event === 'tls-certificate-not-loaded' ? log.error(event, context) : log.info(event, context)),
  };
}

function pause(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

/** Resolves with the work, or without it when the time is over. */
function atMost(ms: number, work: Promise<unknown>): Promise<unknown> {
  let timer: NodeJS.Timeout | undefined;
  const over = new Promise((resolve) => (timer = setTimeout(resolve, ms)));
  return Promise.race([work, over]).finally(() => clearTimeout(timer));
}
