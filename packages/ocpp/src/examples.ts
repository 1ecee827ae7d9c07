import type { Ask, Operation } from '@ohmnibus/domain';
import type { FromStation, ToStation, Verdict } from './message.js';

/** An exchange that a station begins. Where only the way in is of interest there is no outcome. */
export interface Received<Input, Outcome> {
  readonly request: object;
  /** What it means, save for its origin. */
  readonly input: Omit<Input, 'origin'>;
  readonly outcome?: Outcome;
  readonly reply?: object;
}

/** An exchange that we begin. */
export interface Sent<Input> {
  readonly input: Input;
  readonly request: object;
}

/** The examples of a message from stations, each under a name that says what is special about it. */
export interface ReceivedExamples {
  readonly message: FromStation;
  readonly operation: Operation<unknown, unknown>;
  readonly received: Record<string, Received<unknown, unknown>>;
}

/** The examples of a message to stations, and what each answer of theirs amounts to. */
export interface SentExamples {
  readonly message: ToStation;
  readonly ask: Ask<unknown>;
  readonly sent: Record<string, Sent<unknown>>;
  readonly verdicts: readonly (readonly [reply: object, verdict: Verdict])[];
  /** What exchanges tell of the station; undefined where they tell nothing. */
  readonly findings: readonly (readonly [request: object, reply: object, body: unknown])[];
}

export function received<Input, Outcome>(
  message: FromStation,
  operation: Operation<Input, Outcome>,
  examples: Record<string, Received<Input, Outcome>>,
): ReceivedExamples {
  return { message, operation, received: examples };
}

export function sent<Input>(
  message: ToStation,
  ask: Ask<Input>,
  examples: Record<string, Sent<Input>>,
  verdicts: SentExamples['verdicts'],
  findings: SentExamples['findings'] = [],
): SentExamples {
  return { message, ask, sent: examples, verdicts, findings };
}

/** Verdicts of replies that hold nothing but a status: the words that say yes, and those that say no. */
export function byStatus(words: { yes: string[]; no: string[] }): SentExamples['verdicts'] {
  const verdict = (accepted: boolean) => (status: string) => [{ status }, { accepted, status }] as const;
  return [...words.yes.map(verdict(true)), ...words.no.map(verdict(false))];
}
