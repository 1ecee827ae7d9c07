import type { BackOff } from './back-off.js';
import { ChargeLoop } from './charge-loop.js';
import { ConnectRamp } from './connect-ramp.js';
import type { Protocol } from './dialect.js';
import { LatencyHistogram } from './latency-histogram.js';
import type { StationTls } from './link.js';
import { seededRandom } from './random.js';
import type { SettledCall } from './rpc/outgoing-calls.js';
import { createStation } from './station.js';
import type { SimulatedStation } from './station.js';
import { TimerWheel } from './timer-wheel.js';

export interface FleetOptions {
  /** See StationOptions. */
  readonly url: string;
  /** 1 to 50,000. Above 20,000 on loopback they connect from 127.0.0.1 to 127.0.0.9, because one address runs out of ports. */
  readonly count: number;
  /** Identities are this, a hyphen and a number of five digits from 00001; `SIM` by default. */
  readonly idPrefix?: string;
  /** `mixed` alternates, beginning with 1.6. */
  readonly protocol?: Protocol | 'mixed';
  /** Drivers; each charge picks one. Without any, nobody charges. */
  readonly tokens?: readonly string[];
  readonly password?: string | ((id: string) => string | Buffer | undefined);
  readonly tls?: StationTls;
  readonly evses?: number;
  /** Averages in simulated seconds: 1800 charging, 600 idle. */
  readonly chargeSeconds?: number;
  readonly idleSeconds?: number;
  /** Simulated seconds between meter values; 60 by default. */
  readonly meterSeconds?: number;
  /** Real seconds; else what the CSMS says. */
  readonly heartbeatSeconds?: number;
  /** Simulated seconds in one real second; 1 by default. */
  readonly timeScale?: number;
  /** 100 by default. */
  readonly connectsPerSecond?: number;
  /** Stations on their way at once, from dialling to acceptance; 200 by default. */
  readonly maxOutstanding?: number;
  readonly reconnect?: BackOff | false;
  readonly callTimeoutMs?: number;
  /** The same seed gives the same cars, waits and drivers. */
  readonly seed?: number;
  /** See StationOptions. */
  readonly ledger?: boolean;
}

/** What a fleet has done so far. */
export interface FleetStatistics {
  readonly stations: number;
  /** Sockets open. */
  readonly online: number;
  /** Accepted by the CSMS, and online. */
  readonly booted: number;
  readonly chargesStarted: number;
  readonly chargesStopped: number;
  readonly calls: number;
  /** Answered with a CALLERROR. */
  readonly callErrors: number;
  readonly timeouts: number;
  /** Unanswered because the connection was lost. */
  readonly lost: number;
  readonly failedConnects: number;
  readonly lastConnectError?: string;
  /** Of answered calls, in milliseconds. */
  readonly latencyMs: { readonly p50: number; readonly p95: number; readonly p99: number };
}

const addressesOnLoopback = 9;
const stationsPerAddress = 20_000;

/** Many stations in one process, on one timer wheel. */
export class Fleet {
  readonly stations: readonly SimulatedStation[];
  private readonly places: ReadonlyMap<SimulatedStation, number>;
  private readonly wheel = new TimerWheel();
  private readonly loops: ChargeLoop[] = [];
  private readonly ramp: ConnectRamp;
  private readonly latency = new LatencyHistogram();
  private readonly counts = { chargesStarted: 0, chargesStopped: 0, calls: 0, callErrors: 0, timeouts: 0, lost: 0, failedConnects: 0 };
  private readonly random;
  private lastConnectError: string | undefined;
  private firstConnects = 0;
  private allConnected: (() => void) | undefined;

  /** See createFleet. */
  constructor(private readonly options: FleetOptions) {
    const { count, connectsPerSecond = 100, maxOutstanding = 200, seed = Date.now() } = options;
    if (!Number.isInteger(count) || count < 1 || count > 50_000) throw new RangeError(`a fleet has 1 to 50,000 stations, not ${count}`);
    this.random = seededRandom(seed);
    this.stations = Array.from({ length: count }, (_, index) => this.build(index));
    this.places = new Map(this.stations.map((station, index) => [station, index]));
    this.ramp = new ConnectRamp({
      clock: this.wheel,
      random: this.random,
      connectsPerSecond,
      maxOutstanding,
      connected: (station) => this.connected(station),
      failed: (error) => this.connectFailed(error),
    });
  }

  /** Connects them all, then lets drivers come. Resolves once every station has been accepted, which may be never. */
  async start(): Promise<void> {
    const all = new Promise<void>((resolve) => {
      this.allConnected = resolve;
    });
    this.ramp.start(this.stations);
    await all;
  }

  /** Closes every socket cleanly, in the middle of charges if need be. */
  async stop(): Promise<void> {
    this.ramp.stop();
    for (const loop of this.loops.splice(0)) loop.stop();
    await Promise.all(this.stations.map((station) => station.disconnect()));
  }

  statistics(): FleetStatistics {
    const { latency, lastConnectError } = this;
    return {
      stations: this.stations.length,
      online: this.stations.filter((station) => station.connected).length,
      booted: this.stations.filter((station) => station.online).length,
      ...this.counts,
      lastConnectError,
      latencyMs: { p50: latency.percentile(0.5), p95: latency.percentile(0.95), p99: latency.percentile(0.99) },
    };
  }

  private build(index: number): SimulatedStation {
    const { url, idPrefix = 'SIM', protocol = 'ocpp1.6', password, meterSeconds } = this.options;
    const { tls, evses, heartbeatSeconds, timeScale, reconnect, callTimeoutMs, ledger } = this.options;
    const id = `${idPrefix}-${String(index + 1).padStart(5, '0')}`;
    const mixed = index % 2 === 0 ? 'ocpp1.6' : 'ocpp2.0.1';
    const station = createStation({
      url,
      id,
      protocol: protocol === 'mixed' ? mixed : protocol,
      password: typeof password === 'function' ? password(id) : password,
      localAddress: localAddress(this.options, index),
      meterIntervalSeconds: meterSeconds,
      clock: this.wheel,
      random: this.random,
      tls,
      evses,
      heartbeatSeconds,
      timeScale,
      reconnect,
      callTimeoutMs,
      ledger,
    });
    station.on('settled', (call) => this.settled(call));
    station.on('connectFailed', (error) => this.connectFailed(error));
    return station;
  }

  private connected(station: SimulatedStation): void {
    const { chargeSeconds = 1_800, idleSeconds = 600, timeScale = 1 } = this.options;
    const loop = new ChargeLoop({
      station,
      clock: this.wheel,
      random: this.random,
      tokens: this.driversOf(station),
      chargeMs: (chargeSeconds * 1000) / timeScale,
      idleMs: (idleSeconds * 1000) / timeScale,
      chargeStarted: () => (this.counts.chargesStarted += 1),
      chargeStopped: () => (this.counts.chargesStopped += 1),
    });
    this.loops.push(loop);
    loop.start();
    this.firstConnects += 1;
    if (this.firstConnects === this.stations.length) this.allConnected?.();
  }

  /** Drivers keep to stations of their own as far as there are enough of them: a token charges at one place at a time. */
  private driversOf(station: SimulatedStation): string[] {
    const { tokens = [] } = this.options;
    const place = this.places.get(station) ?? 0;
    if (tokens.length <= this.stations.length) return tokens.slice(place % tokens.length).slice(0, 1);
    return tokens.filter((_, i) => i % this.stations.length === place);
  }

  private connectFailed(error: Error): void {
    this.counts.failedConnects += 1;
    this.lastConnectError = error.message;
  }

  private settled({ outcome, ms }: SettledCall): void {
    this.counts.calls += 1;
    if (outcome === 'timeout') this.counts.timeouts += 1;
    else if (outcome === 'lost') this.counts.lost += 1;
    else this.latency.add(ms);
    if (outcome === 'error') this.counts.callErrors += 1;
  }
}

/** Makes a fleet; it does nothing until `start`. Throws RangeError for an impossible count. */
export function createFleet(options: FleetOptions): Fleet {
  return new Fleet(options);
}

/** Undefined leaves the choice to the system. */
export function localAddress({ url, count }: Pick<FleetOptions, 'url' | 'count'>, index: number): string | undefined {
  if (count <= stationsPerAddress || !/^(127\.\d+\.\d+\.\d+|localhost)$/.test(new URL(url).hostname)) return undefined;
  return `127.0.0.${1 + (index % addressesOnLoopback)}`;
}
