import type { EvsePlace, EvseRef, Origin } from '../station.js';
import type { Sample } from '../sample.js';
import type { Authorization, TokenRef } from '../token.js';
import type { WrittenSamples } from '../written-samples.js';
import { operation } from './operation.js';

/**
 * Which transaction a report is about: by the key that stays the same when the station repeats itself (2.x: the station's own id),
 * or by the number that we gave it (1.6).
 */
export type TransactionRef = { readonly key: string } | { readonly number: number };

/** What makes a record odd without making it unacceptable; kept on the record for an operator to see. */
export type Flag =
  | 'clock-implausible'
  | 'ended-before-start'
  | 'energy-decreased'
  /** More than the connector could have delivered in the time. */
  | 'energy-implausible'
  /** The register went on between this charge and the one before: energy that no record has. */
  | 'meter-gap'
  | 'no-time-zone'
  | 'repeated-key'
  | 'start-unseen'
  | 'token-refused'
  | 'unknown-connector'
  | 'unknown-transaction';

export interface TransactionReport {
  readonly kind: 'started' | 'updated' | 'ended';
  readonly origin: Origin;
  readonly transaction: TransactionRef;
  /** Absent where the message does not say (1.6 stop; 2.x may leave it out after the first event, and name the connector in a later one). */
  readonly evse?: EvsePlace;
  readonly token?: TokenRef;
  /** By the station's clock. */
  readonly at: Date;
  readonly samples: readonly Sample[];
  /** 2.x `seqNo`: sorts what arrives late and tells a repetition. */
  readonly sequence?: number;
  /** OCPP 2 trigger reason. */
  readonly trigger?: string;
  /** OCPP 2 charging state. */
  readonly chargingState?: string;
  /** Why it ended, in the station's own word; 1.6 stations that leave it out mean `Local`. */
  readonly stopReason?: string;
  /** Of the remote start that this transaction answers to, if it does. */
  readonly remoteStartId?: number;
  readonly reservationId?: number;
  /** The station says that it could not reach us when this happened. */
  readonly offline?: boolean;
  readonly flags?: readonly Flag[];
}

export interface TransactionOutcome {
  /** Our number of the transaction: positive, 32 bits, unique in the whole system. 0 where a stop names a transaction we do not know. */
  readonly number: number;
  /** Present when the report named a token. */
  readonly authorization?: Authorization;
}

/** A transaction began, went on or ended. */
export const recordTransaction = operation<TransactionReport, TransactionOutcome>('recordTransaction', 'transaction');

export interface SampleReport {
  readonly origin: Origin;
  readonly evse: EvseRef;
  /** Absent for readings outside transactions. */
  readonly transaction?: TransactionRef;
  readonly samples: readonly Sample[] | WrittenSamples;
  readonly flags?: readonly Flag[];
}

/** Meter readings that are no transaction event of their own. */
export const recordSamples = operation<SampleReport, Record<string, never>>('recordSamples', 'transaction');

export interface AuthorizationRequest {
  readonly origin: Origin;
  readonly token: TokenRef;
}

/** May this token charge? */
export const authorize = operation<AuthorizationRequest, Authorization>('authorize', 'transaction');
