import { Reader, Writer, type PackedQuestion } from '@ohmnibus/contracts';
import { asFault, Fault } from '@ohmnibus/domain';
import { readQuestions, writeAnswer, writeFault } from './pack.js';

export interface ServerOptions {
  readonly send: (subject: string, pack: Buffer) => void;
  /** Told of answers that were not given, because the asker has given up already. */
  readonly onExpired?: () => void;
  readonly onError: (error: unknown) => void;
}

/** Answers packed questions: the handler sees one at a time, and the answers of one event-loop turn travel back together. */
export class PackedServer<Q, A> {
  private readonly writers = new Map<string, Writer>();
  private scheduled = false;
  /** Questions being worked on. */
  inWork = 0;

  constructor(
    private readonly contract: Pick<PackedQuestion<string, Q, A>, 'question' | 'answer'>,
    private readonly handle: (question: Q) => A | Promise<A>,
    private readonly options: ServerOptions,
  ) {}

  receive(pack: Buffer, reply: string): void {
    // The last two tokens name the questions of this pack; what is before them is where the asker listens.
    const inbox = reply.slice(0, reply.lastIndexOf('.', reply.lastIndexOf('.') - 1));
    const now = Date.now();
    try {
      for (const item of readQuestions(pack)) {
        if (item.deadline > now) this.serve(inbox, item.correlation, item.bytes);
        else this.options.onExpired?.();
      }
    } catch (error) {
      this.options.onError(error);
    }
  }

  private serve(inbox: string, correlation: number, bytes: Buffer): void {
    this.inWork++;
    try {
      const answer = this.handle(this.contract.question.read(new Reader(bytes)));
      if (answer instanceof Promise) {
        answer.then(
          (value) => this.answer(inbox, correlation, value),
          (error: unknown) => this.fail(inbox, correlation, error),
        );
      } else this.answer(inbox, correlation, answer);
    } catch (error) {
      this.fail(inbox, correlation, error);
    }
  }

  private answer(inbox: string, correlation: number, answer: A): void {
    this.inWork--;
    writeAnswer(this.writerFor(inbox), this.contract.answer, correlation, answer);
  }

  private fail(inbox: string, correlation: number, error: unknown): void {
    this.inWork--;
    if (!(error instanceof Fault)) this.options.onError(error);
    writeFault(this.writerFor(inbox), correlation, asFault(error));
  }

  private writerFor(inbox: string): Writer {
    let writer = this.writers.get(inbox);
    if (!writer) this.writers.set(inbox, (writer = new Writer()));
    if (writer.length > 256 * 1024) this.options.send(`${inbox}.0.0`, writer.take());
    if (!this.scheduled) {
      this.scheduled = true;
      setImmediate(() => this.flush());
    }
    return writer;
  }

  flush(): void {
    this.scheduled = false;
    for (const [inbox, writer] of this.writers) {
      if (writer.length > 0) this.options.send(`${inbox}.0.0`, writer.take());
      else this.writers.delete(inbox); // Nothing since the last flush: that asker may be gone.
    }
  }
}
