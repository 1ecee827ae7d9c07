import type { FirmwareStatus, LogUploadStatus } from '../maintenance.js';
import type { Origin } from '../station.js';
import { finding } from './finding.js';
import { ask, operation } from './operation.js';

/** How often a station tries what it was asked for; it decides itself where nothing is said. */
export interface Tries {
  /** Beyond the first attempt. */
  readonly retries?: number;
  readonly retryIntervalSeconds?: number;
}

export interface FirmwareOrder extends Tries {
  /** Versions that do not number their updates leave it out on the wire (1.6 without the security extension). */
  readonly requestId: number;
  /** Where the station gets the image. */
  readonly location: string;
  readonly retrieveAt: Date;
  /** Absent: as soon as it can. Only signed updates of 1.6 can say it. */
  readonly installAt?: Date;
  /** What the station checks the image by: a PEM certificate, and the Base64 of the signature. */
  readonly signature?: { readonly signingCertificate: string; readonly signature: string };
}

/** The station is to get new firmware and to install it. */
export const updateFirmware = ask<FirmwareOrder>('updateFirmware');

export const logKinds = ['diagnostics', 'security'] as const;
export type LogKind = (typeof logKinds)[number];

export interface LogOrder extends Tries {
  /** As with firmware. */
  readonly requestId: number;
  readonly log: LogKind;
  /** Where the station sends the file; stations may append a name of their own to it. */
  readonly location: string;
  readonly from?: Date;
  readonly to?: Date;
}

/** The station is to upload one of its logs. */
export const uploadLog = ask<LogOrder>('uploadLog');

export interface FirmwareReport {
  readonly origin: Origin;
  readonly status: FirmwareStatus;
  /** Absent where the version has none, and where the station says that it does nothing. */
  readonly requestId?: number;
}

/** The station tells how far an update of its firmware is. */
export const recordFirmwareProgress = operation<FirmwareReport, Record<string, never>>('recordFirmwareProgress', 'session');

export interface LogUploadReport {
  readonly origin: Origin;
  readonly status: LogUploadStatus;
  /** As with firmware. */
  readonly requestId?: number;
}

/** The station tells how far the upload of a log is. */
export const recordLogUploadProgress = operation<LogUploadReport, Record<string, never>>('recordLogUploadProgress', 'session');

/** What a station said to an order. */
interface Answered {
  readonly accepted: boolean;
  /** Its own word; `Accepted` where the version has no way to refuse. */
  readonly answer: string;
  /** The station gave up the job it was at in favour of this one. */
  readonly cancelsOthers: boolean;
}

/** As it was on the wire: the request may be one that a caller wrote by hand. */
export interface AnsweredFirmwareOrder extends Answered {
  readonly order: Omit<FirmwareOrder, 'requestId' | 'signature'> & { readonly requestId?: number; readonly signed: boolean };
}

/** A station was asked for an update and answered. */
export const firmwareUpdateOrdered = finding<AnsweredFirmwareOrder>('firmwareUpdateOrdered');

export interface AnsweredLogOrder extends Answered {
  readonly order: Omit<LogOrder, 'requestId'> & { readonly requestId?: number };
  /** The name that the station gives the file, if it says one. Empty: it has nothing to upload. */
  readonly fileName?: string;
}

/** A station was asked for a log and answered. */
export const logUploadOrdered = finding<AnsweredLogOrder>('logUploadOrdered');
