import type { ChargingProfile } from '../charging-profile.js';
import type { EvseRef } from '../station.js';
import type { TokenRef } from '../token.js';
import { ask } from './operation.js';

export const startCharging = ask<{
  readonly token: TokenRef;
  /** Absent: the station chooses. */
  readonly evse?: number;
  /** Our reference, which a 2.x station repeats in the transaction's first event. */
  readonly remoteStartId: number;
  /** A TxProfile for the transaction that is to begin. */
  readonly profile?: ChargingProfile;
}>('startCharging');

export const stopCharging = ask<{
  readonly transaction: { readonly number: number; readonly wireId: string };
}>('stopCharging');

export const resetStation = ask<{ readonly when: 'immediately' | 'idle' }>('resetStation');
export const unlockConnector = ask<EvseRef>('unlockConnector');
export const changeAvailability = ask<{ readonly operative: boolean; readonly evse?: EvseRef }>('changeAvailability');
export const changeConfiguration = ask<{ readonly key: string; readonly value: string }>('changeConfiguration');
export const readConfiguration = ask<{ readonly keys?: readonly string[] }>('readConfiguration');
export const clearCache = ask<Record<string, never>>('clearCache');
export const sendVendorMessage = ask<{ readonly vendor: string; readonly messageId?: string; readonly data?: string }>('sendVendorMessage');
export const triggerMessage = ask<{ readonly message: string; readonly evse?: EvseRef }>('triggerMessage');

/**
 * How a command stands. `queued`: not yet written to a socket. `sent`: written, no answer yet. `accepted`, `rejected`: the station's
 * answer. `failed`: certainly not carried out (offline, refused by a gateway, CALLERROR). `timed-out` is reserved for commands that
 * waited for their station in vain; `unknown`: written, and no answer came, so it may have been carried out.
 */
export const commandStates = ['queued', 'sent', 'accepted', 'rejected', 'failed', 'timed-out', 'expired', 'unknown'] as const;
export type CommandState = (typeof commandStates)[number];

/**
 * Why a command has no answer of the station's. `not-booted`: nothing is asked of a new station before its first boot is answered;
 * `not-accepted`: nor of one that was rejected, nor a charge of one that is pending.
 */
export type NoAnswerReason = 'offline' | 'timeout' | 'connection-lost' | 'gateway-gone' | 'expired' | 'unsupported' | 'not-booted' | 'not-accepted';
