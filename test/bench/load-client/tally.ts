import { kinds, type Kind } from './messages.js';

/** Answers to one kind of message. The sums tell, together with the counts, whether the rows stored are those of these very messages. */
export interface KindTally {
  count: number;
  /** Of the message ids. */
  ids: number;
  /** Of the registers in the messages. */
  registers: number;
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
    kinds: Object.fromEntries(kinds.map((kind) => [kind, { count: 0, ids: 0, registers: 0 }])) as Record<Kind, KindTally>,
    transactionNumbers: 0,
    wrong: 0,
    examples: [],
  };
}

/** How many answers, and the sums of what makes their messages different. */
export function sumOf(tally: Tally, of: readonly Kind[] = kinds): KindTally {
  const sum: KindTally = { count: 0, ids: 0, registers: 0 };
  for (const { count, ids, registers } of of.map((kind) => tally.kinds[kind])) {
    sum.count += count;
    sum.ids += ids;
    sum.registers += registers;
  }
  return sum;
}
