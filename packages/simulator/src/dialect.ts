import type { Reading } from './energy-meter.js';
import type { Charge, ConnectorStatus, StopReason, Token } from './evse.js';
import type { TransactionMessage } from './offline-queue.js';
import type { RemoteControl } from './remote-control.js';
import type { Command } from './rpc/inbound-calls.js';
import type { Payload } from './rpc/frames.js';
import type { VariableNames, VariableTable } from './settings.js';

export const protocols = ['ocpp1.5', 'ocpp1.6', 'ocpp2.0.1'] as const;
export type Protocol = (typeof protocols)[number];

/** A CALL before it has a message id. */
export interface Request {
  readonly action: string;
  readonly payload: Payload;
}

/** What is engraved on the station. */
export interface StationPlate {
  readonly id: string;
  readonly vendor: string;
  readonly model: string;
  /** Of the firmware that it runs since its last boot. */
  firmware: string;
  readonly evses: number;
}

export type BootReason = 'PowerUp' | 'RemoteReset' | 'ScheduledReset' | 'Triggered';

/** Why a reading is taken, as both versions call it. */
export type ReadingContext = 'Transaction.Begin' | 'Sample.Periodic' | 'Transaction.End' | 'Trigger';

/** Translates what happens at a station into the messages of one version and back. It decides nothing. */
export interface Dialect {
  readonly protocol: Protocol;
  /** The field of a boot's answer that holds the seconds between heartbeats, or until the next boot. */
  readonly bootInterval: 'interval' | 'heartbeatInterval';
  boot(plate: StationPlate, reason: BootReason): Request;
  heartbeat(at: number): Request;
  authorize(token: Token): Request;
  /** The verdict on a token in an answer, if there is one. */
  verdict(result: Payload): string | undefined;
  /** The group of a token in an answer, if there is one. */
  group(result: Payload): string | undefined;
  dataTransfer(vendorId: string, messageId?: string, data?: string): Request;
  /** The word for a state. */
  statusWord(status: ConnectorStatus): string;
  /** EVSE 0 is the station as a whole; undefined where the version has no such report. */
  status(evse: number, status: ConnectorStatus, at: number): Request | undefined;
  /** A reading outside any transaction. */
  meterValues(evse: number, reading: Reading, context: ReadingContext): Request;
  /** Sets `charge.transactionId` as soon as it is known. */
  started(charge: Charge, offline: boolean): TransactionMessage;
  /** Power flows; undefined where the version says so by status alone. */
  powered(charge: Charge, reading: Reading, offline: boolean): TransactionMessage | undefined;
  metered(charge: Charge, reading: Reading, context: ReadingContext, offline: boolean): TransactionMessage;
  ended(charge: Charge, reading: Reading, reason: StopReason, options: EndOptions): TransactionMessage;
  /** How far an update is; undefined where the version has no such word. */
  firmwareStatus?(status: string, requestId: number | undefined): Request | undefined;
  /** How far the upload of a log is; undefined where the version has no such word. */
  logStatus?(status: string, requestId: number | undefined): Request | undefined;
  variables(plate: StationPlate): VariableNames;
  /** What the station does for each action that it knows. */
  commands(control: RemoteControl, table: VariableTable): ReadonlyMap<string, Command>;
}

export interface EndOptions {
  readonly offline: boolean;
  /** 1.6: repeat the first and the last reading inside StopTransaction. */
  readonly transactionData: boolean;
  /** Of the driver who ended it at the station. */
  readonly token: Token;
}
