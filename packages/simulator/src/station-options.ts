import type { BackOff } from './back-off.js';
import { systemClock } from './clock.js';
import type { Clock } from './clock.js';
import type { Protocol, StationPlate } from './dialect.js';
import type { StationTls } from './link.js';
import type { Random } from './random.js';
import type { Settings } from './settings.js';

/** How a virtual station is made. Times are real ones unless they say otherwise. */
export interface StationOptions {
  /** Where stations connect, such as `ws://127.0.0.1:9000/ocpp` or with a tenant after it; the identity is appended percent-encoded. */
  readonly url: string;
  readonly id: string;
  readonly protocol: Protocol;
  /** HTTP Basic password, sent as it is: bytes stay bytes. */
  readonly password?: string | Buffer;
  readonly tls?: StationTls;
  readonly vendor?: string;
  readonly model?: string;
  /** EVSEs of one connector each; 1 by default. */
  readonly evses?: number;
  /** Instead of the interval that the CSMS names at boot; 0 sends none. */
  readonly heartbeatSeconds?: number;
  /** Seconds of charging between meter values; 60 by default, 0 sends none. */
  readonly meterIntervalSeconds?: number;
  /** Seconds of charging that pass in one real second, for energy and meter values; 1 by default. Timestamps stay real. */
  readonly timeScale?: number;
  /** Address to connect from. */
  readonly localAddress?: string;
  readonly clock?: Clock;
  readonly random?: Random;
  /** Boot by itself after connecting; true by default. Without, the station counts as online as soon as the socket is open. */
  readonly autoBoot?: boolean;
  /** Waits between attempts after a lost connection, 1 to 60 s by default; false stays away. */
  readonly reconnect?: BackOff | false;
  /** Say yes to remote starts; true by default. */
  readonly acceptRemote?: boolean;
  /** Authorize the token of a remote start first; false by default. */
  readonly authorizeRemote?: boolean;
  /** How long a CALL waits for its answer; 30 s by default. */
  readonly callTimeoutMs?: number;
  /** What becomes of transaction messages answered with a CALLERROR: 3 attempts, 10 s apart, by default. */
  readonly transactionMessages?: { readonly attempts?: number; readonly retryIntervalMs?: number };
  /** How long a restart takes; 1 s by default. */
  readonly restartMs?: number;
  /** Wait before a boot that failed is repeated, where the CSMS names no interval; 10 s by default. */
  readonly bootRetryMs?: number;
  /** Keep every acknowledged transaction message in `station.acknowledged`; false by default. */
  readonly ledger?: boolean;
  /** Ids of the station's CALLs; random UUIDs by default. */
  readonly messageId?: () => string;
}

type Timing = Required<Pick<StationOptions, 'callTimeoutMs' | 'restartMs' | 'bootRetryMs' | 'reconnect' | 'clock'>>;

/** What holds where nothing is said. */
export function withDefaults(options: StationOptions): Timing {
  return {
    callTimeoutMs: options.callTimeoutMs ?? 30_000,
    restartMs: options.restartMs ?? 1_000,
    bootRetryMs: options.bootRetryMs ?? 10_000,
    reconnect: options.reconnect ?? { minMs: 1_000, maxMs: 60_000 },
    clock: options.clock ?? systemClock,
  };
}

/** The endpoint and the identity, encoded once. */
export function stationUrl({ url, id }: StationOptions): string {
  return `${url.replace(/\/+$/, '')}/${encodeURIComponent(id)}`;
}

export function stationPlate({ id, vendor = 'Ohmnibus', model = 'Simulator', evses = 1 }: StationOptions): StationPlate {
  return { id, vendor, model, firmware: '1.0.0', evses };
}

export function initialSettings(options: StationOptions): Settings {
  return {
    heartbeatSeconds: options.heartbeatSeconds ?? 0,
    meterSeconds: options.meterIntervalSeconds ?? 60,
    authorizeRemote: options.authorizeRemote ?? false,
    stopOnInvalidToken: true,
    localList: true,
    messageAttempts: options.transactionMessages?.attempts ?? 3,
    retrySeconds: (options.transactionMessages?.retryIntervalMs ?? 10_000) / 1000,
    password: options.password,
  };
}
