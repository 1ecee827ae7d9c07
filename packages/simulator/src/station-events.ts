import type { AcknowledgedCall, SettledCall } from './rpc/outgoing-calls.js';

/** A frame as it went over the wire. */
export interface SeenFrame {
  readonly direction: 'sent' | 'received';
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** A fact about a transaction that the CSMS has answered with a CALLRESULT, and so promised never to lose. */
export interface Acknowledged extends AcknowledgedCall {
  /** Milliseconds since the epoch. */
  readonly at: number;
}

export interface StationEvents {
  frame: [SeenFrame];
  /** A CALL of the station has been answered, or never will be. */
  settled: [SettledCall];
  /** Connected and accepted. */
  online: [];
  offline: [];
  /** An attempt to come back failed; the next one follows by itself. */
  connectFailed: [Error];
}
