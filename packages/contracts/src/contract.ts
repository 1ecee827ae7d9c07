import type { ZodType } from 'zod';
import type { Codec } from './binary.js';

/** The names in a subject's braces: 'gateway.{pod}.call' has 'pod'. */
export type TokensOf<Subject extends string> = Subject extends `${string}{${infer Token}}${infer Rest}` ? Token | TokensOf<Rest> : never;

/** A value for every token of a subject. Any text will do: it is escaped in one place. */
export type Tokens<Subject extends string> = { readonly [T in TokensOf<Subject>]: string };

/** One JSON question, one JSON answer, over core NATS. Any client in any language can ask it. */
export interface Question<Subject extends string, Q, A> {
  readonly kind: 'question';
  readonly subject: Subject;
  readonly question: ZodType<Q>;
  readonly answer: ZodType<A>;
  readonly timeoutMs: number;
}

/** Many questions in one NATS message, and their answers likewise; code sees one question and one answer. */
export interface PackedQuestion<Subject extends string, Q, A> {
  readonly kind: 'packed';
  readonly subject: Subject;
  readonly question: Codec<Q>;
  readonly answer: Codec<A>;
  readonly timeoutMs: number;
  /** Under load, packs of it leave at most this often, in milliseconds; absent: the asker's own setting. */
  readonly windowMs?: number;
  /** Each question is a pack of its own: it is one already. */
  readonly alone?: true;
}

/** Told to everybody who listens at that moment; nobody answers. */
export interface Broadcast<Subject extends string, E> {
  readonly kind: 'broadcast';
  readonly subject: Subject;
  readonly event: ZodType<E>;
}

export function question<const S extends string, Q, A>(contract: Omit<Question<S, Q, A>, 'kind'>): Question<S, Q, A> {
  return { kind: 'question', ...contract };
}

export function packed<const S extends string, Q, A>(contract: Omit<PackedQuestion<S, Q, A>, 'kind'>): PackedQuestion<S, Q, A> {
  return { kind: 'packed', ...contract };
}

export function broadcast<const S extends string, E>(contract: Omit<Broadcast<S, E>, 'kind'>): Broadcast<S, E> {
  return { kind: 'broadcast', ...contract };
}
