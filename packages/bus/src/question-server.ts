import type { Question } from '@ohmnibus/contracts';
import { asFault, Fault } from '@ohmnibus/domain';
import { headers, type Msg } from 'nats';
import { faultText } from './pack.js';
import { sendingFault } from './sending-fault.js';

/** The headers by which NATS services say that an answer is an error. */
export const errorCode = 'Nats-Service-Error-Code';
const errorText = 'Nats-Service-Error';

/** Answers JSON questions, each with a message of its own. */
export class QuestionServer<Q, A> {
  /** Questions being worked on. */
  inWork = 0;

  constructor(
    private readonly contract: Pick<Question<string, Q, A>, 'question'>,
    private readonly handle: (question: Q) => A | Promise<A>,
    private readonly onError: (error: unknown) => void,
  ) {}

  receive(message: Msg): void {
    this.inWork++;
    let answer: A | Promise<A>;
    try {
      answer = this.handle(this.read(message.data));
    } catch (error) {
      return this.fail(message, error);
    }
    if (!(answer instanceof Promise)) return this.answer(message, answer);
    answer.then(
      (value) => this.answer(message, value),
      (error: unknown) => this.fail(message, error),
    );
  }

  private answer(message: Msg, answer: A): void {
    let text: string;
    try {
      text = JSON.stringify(answer);
    } catch (error) {
      return this.fail(message, error);
    }
    try {
      message.respond(text);
      this.inWork--;
    } catch (error) {
      this.fail(message, sendingFault(error));
    }
  }

  /** Whoever waits for an answer that cannot be sent gives up at its deadline. */
  private fail(message: Msg, error: unknown): void {
    this.inWork--;
    if (!(error instanceof Fault)) this.onError(error);
    const fault = asFault(error);
    const head = headers();
    head.set(errorCode, fault.code);
    head.set(errorText, fault.message.replaceAll(/[\r\n]+/g, ' '));
    try {
      message.respond(faultText(fault), { headers: head });
    } catch (failure) {
      this.onError(failure);
    }
  }

  private read(data: Uint8Array): Q {
    const value = parseJson(data);
    if (value === undefined) throw new Fault('unreadable', 'the question is not JSON');
    const question = this.contract.question.safeParse(value);
    if (question.success) return question.data;
    const problems = question.error.issues.map((issue) => ({ path: issue.path.join('.'), message: issue.message }));
    throw new Fault('bad-value', problems.map(({ path, message: text }) => (path ? `${path}: ${text}` : text)).join('; '), { problems });
  }
}

/** Undefined if it is none. */
export function parseJson(data: Uint8Array): unknown {
  try {
    return JSON.parse(asBuffer(data).toString()) as unknown;
  } catch {
    return undefined;
  }
}

export function asBuffer(data: Uint8Array): Buffer {
  return Buffer.from(data.buffer, data.byteOffset, data.byteLength);
}
