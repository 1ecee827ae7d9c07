import { Writer, type PackedQuestion, type Reader } from '@ohmnibus/contracts';
import { asFault, Fault } from '@ohmnibus/domain';
import { readQuestions, writeAnswer, writeFault } from './pack.js';
import { maxPackBytes } from './packed-asker.js';

export interface ServerOptions {
  readonly send: (subject: string, pack: Buffer) => void;
  /** The largest message that can be sent, in bytes. */
  readonly maxMessageBytes: () => number;
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
      readQuestions(pack, (correlation, deadline, question) => {
        if (deadline > now) this.serve(inbox, correlation, question);
        else this.options.onExpired?.();
      });
    } catch (error) {
      this.options.onError(error);
    }
  }

  private serve(inbox: string, correlation: number, question: Reader): void {
    this.inWork++;
    let answer: A | Promise<A>;
    try {
      answer = this.handle(this.contract.question.read(question));
    } catch (error) {
      return this.fail(inbox, correlation, error);
    }
    if (!(answer instanceof Promise)) return this.answer(inbox, correlation, answer);
    answer.then(
      (value) => this.answer(inbox, correlation, value),
      (error: unknown) => this.fail(inbox, correlation, error),
    );
  }

  private answer(inbox: string, correlation: number, answer: A): void {
    const writer = this.writerFor(inbox);
    const before = writer.length;
    try {
      writeAnswer(writer, this.contract.answer, correlation, answer);
    } catch (error) {
      writer.rewind(before); // Half an answer would make the others of the pack unreadable.
      return this.fail(inbox, correlation, error);
    }
    if (writer.length - before > this.options.maxMessageBytes()) {
      writer.rewind(before);
      return this.fail(inbox, correlation, new Fault('too-large', 'the answer is larger than a message can be'));
    }
    this.written(inbox, writer, before);
  }

  private fail(inbox: string, correlation: number, error: unknown): void {
    if (!(error instanceof Fault)) this.options.onError(error);
    const writer = this.writerFor(inbox);
    const before = writer.length;
    writeFault(writer, correlation, asFault(error));
    this.written(inbox, writer, before);
  }

  /** A large pack leaves early, without its last answer: together they may be more than a message can hold. */
  private written(inbox: string, writer: Writer, before: number): void {
    this.inWork--;
    if (writer.length < maxPackBytes) return;
    const pack = writer.take();
    if (before > 0) this.send(inbox, pack.subarray(0, before));
    this.send(inbox, pack.subarray(before));
  }

  private writerFor(inbox: string): Writer {
    let writer = this.writers.get(inbox);
    if (!writer) this.writers.set(inbox, (writer = new Writer()));
    if (!this.scheduled) {
      this.scheduled = true;
      setImmediate(() => this.flush());
    }
    return writer;
  }

  flush(): void {
    this.scheduled = false;
    for (const [inbox, writer] of this.writers) {
      if (writer.length > 0) this.send(inbox, writer.take());
      else this.writers.delete(inbox); // Nothing since the last flush: that asker may be gone.
    }
  }

  /** Whoever waits for an answer that cannot be sent gives up at its deadline. */
  private send(inbox: string, pack: Buffer): void {
    try {
      this.options.send(`${inbox}.0.0`, pack);
    } catch (error) {
      this.options.onError(error);
    }
  }
}
