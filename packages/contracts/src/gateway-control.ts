import { z } from 'zod';
import type { NoAnswerReason, StationRef } from '@ohmnibus/domain';
import { json } from './binary.js';
import { packed, question } from './contract.js';

/** A CALL on its way to the one gateway pod that holds the station's socket. */
export interface GatewayCall extends StationRef {
  /** The command's id: a pod writes one id once. */
  readonly id: string;
  /** The pod writes only to a socket of this very epoch. */
  readonly epoch: number;
  /** Milliseconds since 1970: not written after this. */
  readonly deadline: number;
  /** How long the station may take to answer, in milliseconds, from the moment of writing. */
  readonly answerTimeoutMs: number;
  readonly action: string;
  /** JSON, dispatched as it is. */
  readonly payload: string;
}

export type GatewayCallOutcome =
  | { readonly kind: 'result'; readonly payload: string }
  | { readonly kind: 'error'; readonly code: string; readonly description: string; readonly details: unknown }
  /** Not written: this pod has no such socket at that epoch. Look up the owner again. */
  | { readonly kind: 'stale' }
  /** Not written: the deadline passed while it waited for its turn, or the socket closed before that, or this id was seen before. */
  | { readonly kind: 'not-written'; readonly reason: NoAnswerReason | 'repeated' | 'overloaded' }
  /** Written, and no answer: whether the station did it is not known. */
  | { readonly kind: 'unanswered'; readonly reason: NoAnswerReason };

/** Somebody waits for it: a pack leaves at the end of the turn. */
export const gatewayCall = packed({ subject: 'gateway.{pod}.call', question: json<GatewayCall>(), answer: json<GatewayCallOutcome>(), timeoutMs: 630_000, windowMs: 0 });

/** Asks a pod to close its sockets of a station that are older than an epoch: a newer connection has taken over. */
export const closeOlder = question({
  subject: 'gateway.{pod}.close-older',
  question: z.object({ tenant: z.string(), station: z.string(), epoch: z.number() }),
  answer: z.object({ closed: z.number().int() }),
  timeoutMs: 3_000,
});

/** Asks a pod to close the station's socket, because an operator says so. */
export const disconnectStation = question({
  subject: 'gateway.{pod}.disconnect',
  question: z.object({ tenant: z.string(), station: z.string() }),
  answer: z.object({ closed: z.number().int() }),
  timeoutMs: 3_000,
});
