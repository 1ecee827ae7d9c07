import { CallError } from '../errors.js';
import { formatFrame } from './frames.js';
import type { Payload } from './frames.js';

/** What an `onCall` handler returns to leave the CALL without any answer. */
export const noAnswer: unique symbol = Symbol('no answer');

export type Scripted = Payload | CallError | typeof noAnswer;

/**
 * A test's own answer to a CALL of the CSMS, now or later. `builtIn` runs the station's usual behaviour and gives its answer;
 * what that behaviour does afterwards (start the charge, reset) happens once the handler's answer has been sent.
 */
export type CallHandler = (payload: Payload, builtIn: () => Promise<Payload>) => Scripted | Promise<Scripted>;

/** The answer to a CALL, and what the station does once it has been sent. */
export interface Reply {
  readonly payload: Payload;
  readonly after?: () => void;
}

/** What a station does for an action, at once or after some work. */
export type Command = (payload: Payload) => Reply | Promise<Reply>;

/** Answers what the CSMS asks, by the station's own commands or a test's script. */
export class InboundCalls {
  private readonly scripts = new Map<string, CallHandler>();

  constructor(
    private readonly commands: ReadonlyMap<string, Command>,
    private readonly send: (text: string) => boolean,
  ) {}

  script(action: string, handler: CallHandler): void {
    this.scripts.set(action, handler);
  }

  async handle(id: string, action: string, payload: Payload): Promise<void> {
    let after: (() => void) | undefined;
    const builtIn = async (): Promise<Payload> => {
      const reply = await this.obey(action, payload);
      after = reply.after;
      return reply.payload;
    };
    let answer: Scripted;
    try {
      answer = await (this.scripts.get(action)?.(payload, builtIn) ?? builtIn());
    } catch (error) {
      answer = error instanceof CallError ? error : new CallError('InternalError', error instanceof Error ? error.message : String(error));
    }
    if (answer === noAnswer) return;
    if (answer instanceof CallError) {
      this.send(formatFrame({ kind: 'error', id, code: answer.code, description: answer.description, details: { ...answer.details } }));
    } else {
      this.send(formatFrame({ kind: 'result', id, payload: answer }));
    }
    after?.();
  }

  private obey(action: string, payload: Payload): Reply | Promise<Reply> {
    const command = this.commands.get(action);
    if (!command) throw new CallError('NotImplemented', `${action} is unknown to this station`);
    return command(payload);
  }
}
