import type { Quirks } from '../quirks.js';
import type { EvseRef, Origin } from '../station.js';
import { operation } from './operation.js';

export interface BootReport {
  readonly origin: Origin;
  readonly vendor: string;
  readonly model: string;
  readonly serialNumber?: string;
  readonly firmwareVersion?: string;
  readonly iccid?: string;
  readonly imsi?: string;
  readonly meterType?: string;
  readonly meterSerialNumber?: string;
  /** OCPP 2 boot reason; absent where the protocol has none. */
  readonly reason?: string;
}

export const registrations = ['Accepted', 'Pending', 'Rejected'] as const;
export type Registration = (typeof registrations)[number];

export interface BootOutcome {
  readonly status: Registration;
  readonly at: Date;
  /** Time between heartbeats; for a station that is not accepted, the time to wait before booting again. */
  readonly intervalSeconds: number;
  /** Those of its make, which only a boot tells for certain. */
  readonly quirks?: Quirks | undefined;
}

/** The station says who it is after a start, and asks to be accepted. */
export const registerStation = operation<BootReport, BootOutcome>('registerStation', 'session');

export interface HeartbeatReport {
  readonly origin: Origin;
}

/** The station asks for the time. */
export const tellTime = operation<HeartbeatReport, { readonly at: Date }>('tellTime', 'session');

export const connectorStatuses = ['Available', 'Occupied', 'Reserved', 'Unavailable', 'Faulted'] as const;
export type ConnectorStatus = (typeof connectorStatuses)[number];

export interface StatusReport {
  readonly origin: Origin;
  readonly evse: EvseRef;
  readonly status: ConnectorStatus;
  /** The station's own word, where its version knows more of them (1.6 `Preparing`, `SuspendedEV`, ...). */
  readonly reported: string;
  readonly errorCode?: string;
  readonly vendorId?: string;
  readonly vendorErrorCode?: string;
  readonly info?: string;
  /** By the station's clock, if it said so. */
  readonly at?: Date;
}

/** A connector changed its state. */
export const recordStatus = operation<StatusReport, Record<string, never>>('recordStatus', 'session');

export interface VendorMessage {
  readonly origin: Origin;
  readonly vendor: string;
  readonly messageId?: string;
  readonly data?: unknown;
}

export interface VendorReply {
  readonly status: 'Accepted' | 'Rejected' | 'UnknownMessageId' | 'UnknownVendorId';
  readonly data?: unknown;
}

/** Something of the vendor's own, which only an agreed extension understands. */
export const receiveVendorMessage = operation<VendorMessage, VendorReply>('receiveVendorMessage', 'session');
