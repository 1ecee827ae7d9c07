import { z } from 'zod';
import type { NoAnswerReason, StationRef } from '@ohmnibus/domain';
import type { Codec } from './binary.js';
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

const callCodec: Codec<GatewayCall> = {
  write: (writer, { tenant, station, id, epoch, deadline, answerTimeoutMs, action, payload }) => {
    writer.text(tenant);
    writer.text(station);
    writer.text(id);
    writer.f64(epoch);
    writer.f64(deadline);
    writer.f64(answerTimeoutMs);
    writer.text(action);
    writer.longText(payload);
  },
  read: (reader) => ({
    tenant: reader.text(),
    station: reader.text(),
    id: reader.text(),
    epoch: reader.f64(),
    deadline: reader.f64(),
    answerTimeoutMs: reader.f64(),
    action: reader.text(),
    payload: reader.text(),
  }),
};

const result = 0;
const anythingElse = 1;

/** What nearly every call comes to has a layout of its own. */
const outcomeCodec: Codec<GatewayCallOutcome> = {
  write: (writer, outcome) => {
    writer.u8(outcome.kind === 'result' ? result : anythingElse);
    writer.longText(outcome.kind === 'result' ? outcome.payload : JSON.stringify(outcome));
  },
  read: (reader) => {
    const kind = reader.u8();
    const text = reader.text();
    return kind === result ? { kind: 'result', payload: text } : (JSON.parse(text) as GatewayCallOutcome);
  },
};

/** Somebody waits for it: a pack leaves at the end of the turn. */
export const gatewayCall = packed({ subject: 'gateway.{pod}.call', question: callCodec, answer: outcomeCodec, timeoutMs: 630_000, windowMs: 0 });

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
