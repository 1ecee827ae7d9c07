import { firstRegister, kinds, type Kind } from './messages.js';

/** Answers to one kind of message. The sums tell, together with the counts, whether the rows stored are those of these very messages. */
export interface KindTally {
  count: number;
  /** Of the message ids. */
  ids: number;
}

/** Every right answer since the client was started. */
export interface Tally {
  readonly kinds: Record<Kind, KindTally>;
  /** Sum of the transaction numbers that starts were answered with. */
  transactionNumbers: number;
  /** Answers that do not belong to the question, are errors, or say something else than they should. */
  wrong: number;
  /** What was wrong with the first few. */
  readonly examples: string[];
}

export function emptyTally(): Tally {
  return {
    kinds: Object.fromEntries(kinds.map((kind) => [kind, { count: 0, ids: 0 }])) as Record<Kind, KindTally>,
    transactionNumbers: 0,
    wrong: 0,
    examples: [],
  };
}

/** How many answers, and the sum of their message ids. */
export function sumOf(tally: Tally, of: readonly Kind[] = kinds): KindTally {
  return of.reduce((sum, kind) => ({ count: sum.count + tally.kinds[kind].count, ids: sum.ids + tally.kinds[kind].ids }), { count: 0, ids: 0 });
}

/** The sum of the registers in the messages of these kinds. */
export function registersOf(tally: Tally, of: readonly Kind[]): number {
  const { count, ids } = sumOf(tally, of);
  return ids + count * firstRegister;
}
