import type { Vehicle } from './charge-curve.js';
import type { EnergyMeter } from './energy-meter.js';
import type { Reading } from './energy-meter.js';

/** State of a connector, in the words of 1.6; 2.0.1 knows all the states with a car as Occupied. */
export type ConnectorStatus =
  | 'Available'
  | 'Preparing'
  | 'Charging'
  | 'SuspendedEV'
  | 'SuspendedEVSE'
  | 'Finishing'
  | 'Reserved'
  | 'Unavailable'
  | 'Faulted';

/** Why a charge ends; each version has its own word for it. */
export type StopReason =
  | 'Local'
  | 'Remote'
  | 'EVDisconnected'
  | 'DeAuthorized'
  | 'EmergencyStop'
  | 'PowerLoss'
  | 'Reboot'
  | 'HardReset'
  | 'SoftReset'
  | 'UnlockCommand'
  | 'Other';

/** What identifies a driver. The type is left out in 1.6. */
export interface Token {
  readonly idToken: string;
  readonly type: string;
}

/** A mere text is an RFID card. */
export function asToken(token: string | Token): Token {
  return typeof token === 'string' ? { idToken: token, type: 'ISO14443' } : token;
}

/** A charge in progress, or over and not yet reported. */
export interface Charge {
  readonly evse: number;
  readonly token: Token;
  /** Chosen by the station: the transaction id of 2.0.1, a local handle in 1.6. */
  readonly localId: string;
  readonly began: Reading;
  readonly vehicle: Vehicle;
  readonly remoteStartId?: number;
  readonly reservationId?: number;
  /** As the CSMS knows it; absent until a 1.6 CSMS has answered. */
  transactionId?: string | number;
  /** Of the token, where the CSMS or the local list has said. */
  group?: string;
  /** Number of the next event, 2.0.1. */
  nextSequence: number;
  powered: boolean;
  ended: boolean;
  stopMetering?: () => void;
}

/** One EVSE with its one connector. */
export class Evse {
  status: ConnectorStatus = 'Available';
  /** What the CSMS was last told, in its own words. */
  reported: string | undefined;
  operative = true;
  /** Taken out of service or put back once the charge is over. */
  scheduledOperative: boolean | undefined;
  plugged = false;
  /** Held for somebody who is on the way. */
  reserved = false;
  charge: Charge | undefined;

  constructor(
    readonly id: number,
    readonly meter: EnergyMeter,
  ) {}

  /** The state that follows from cable and availability when nothing charges. */
  get restingStatus(): ConnectorStatus {
    if (!this.operative) return 'Unavailable';
    if (this.plugged) return 'Preparing';
    return this.reserved ? 'Reserved' : 'Available';
  }
}
