import type { Tally } from './tally.js';

export interface Target {
  readonly host: string;
  readonly port: number;
  /** Stations are called this and a number of nine digits. */
  readonly stationPrefix: string;
  /** Sent as Basic credentials by every station; without it they send none. */
  readonly password?: string;
}

/** How messages are sent: each station its next when the last is answered; so many in flight over all stations; or so many a second. */
export type Drive = { readonly kind: 'saturated' } | { readonly kind: 'in-flight'; readonly limit: number } | { readonly kind: 'rate'; readonly perSecond: number };

export interface DriveReport {
  /** Right answers between start and stop, and those that came after. */
  readonly answered: number;
  /** Right answers by the time of the stop. */
  readonly answeredInTime: number;
  /** Questions without an answer, wrong answers and sockets that closed. */
  readonly lost: number;
  readonly wrong: number;
  readonly closed: readonly string[];
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of everything since the client was started. */
  readonly tally: Tally;
}

export interface StormReport {
  /** From the first connect to the last answer. */
  readonly seconds: number;
  /** Stations that were cut off before their first answer and had to come again. */
  readonly cutOff: number;
  readonly failed: readonly string[];
  readonly tally: Tally;
}

/** The process that plays the stations. */
export interface LoadClientApi {
  target(target: Target): void;
  /** Makes the first so many stations be connected, and no others; `bringUp`: each has booted and begun a charge. */
  open(options: { readonly stations: number; readonly bringUp: boolean }): Promise<void>;
  /** Sends with the stations that are connected, until `stop`. */
  start(drive: Drive): void;
  /** Sends no more, and waits for what is outstanding. */
  stop(): Promise<DriveReport>;
  /** Connects so many stations, so many at a time; each boots and reports its state at once. */
  storm(options: { readonly stations: number; readonly connecting: number }): Promise<StormReport>;
}
