import { Writer, type PackedQuestion, type Reader } from '@ohmnibus/contracts';
import { asFault, Fault } from '@ohmnibus/domain';
import { readAnswers, writeQuestion } from './pack.js';

/** Who is told what became of a question: one of the two, once, and never before the question was handed over. */
export interface Receiver<A> {
  answered(answer: A): void;
  failed(fault: Fault): void;
}

interface Pending<A> {
  readonly receiver: Receiver<A>;
  readonly deadline: number;
}

export interface AskerOptions {
  /** Sends one pack; its answers come back to the reply subject. Throws a Fault if it cannot be sent. */
  readonly send: (pack: Buffer, reply: string) => void;
  /** The common beginning of this asker's reply subjects. */
  readonly inbox: string;
  /** Under load, packs leave at most this often, in milliseconds; an idle asker sends at the end of the event-loop turn. */
  readonly windowMs: number;
  /** Questions without an answer yet; beyond it a question fails as overloaded. */
  readonly maxPending: number;
  /** Told of answers that cannot be read, and of what a receiver throws. */
  readonly onError: (error: unknown) => void;
}

/** A pack is sent early at this size, well below the limit of a NATS message (1 MiB). */
export const maxPackBytes = 256 * 1024;
const sweepMs = 200;

/** Gathers the questions of one event-loop turn for one subject into one NATS message, and hands out the answers. */
export class PackedAsker<Q, A> {
  private readonly writer = new Writer();
  private readonly pending = new Map<number, Pending<A>>();
  private correlation = 0;
  private firstOfPack = 1;
  private scheduled = false;
  private closed = false;
  private lastFlush = 0;
  private sweeping: NodeJS.Timeout | undefined;

  constructor(
    private readonly contract: Pick<PackedQuestion<string, Q, A>, 'question' | 'answer' | 'subject' | 'alone'>,
    private readonly options: AskerOptions,
  ) {}

  get outstanding(): number {
    return this.pending.size;
  }

  ask(question: Q, timeoutMs: number): Promise<A> {
    return new Promise((answered, failed) => this.put(question, timeoutMs, { answered, failed }));
  }

  /** Asks without a promise, which a question of each frame can do without. */
  put(question: Q, timeoutMs: number, receiver: Receiver<A>): void {
    const refuse = (fault: Fault) => queueMicrotask(() => receiver.failed(fault));
    if (this.closed) return refuse(new Fault('unavailable', 'the bus is closed'));
    if (this.pending.size >= this.options.maxPending) return refuse(new Fault('overloaded', `too many questions are outstanding for ${this.contract.subject}`));
    const deadline = Date.now() + timeoutMs;
    const correlation = (this.correlation % 0xffffffff) + 1;
    const before = this.writer.length;
    try {
      writeQuestion(this.writer, this.contract.question, correlation, deadline, question);
    } catch (error) {
      this.writer.rewind(before); // Half a question would make the others of the pack unreadable.
      return refuse(asFault(error));
    }
    this.correlation = correlation;
    this.pending.set(correlation, { receiver, deadline });
    if (this.contract.alone || this.writer.length >= maxPackBytes) this.flushBefore(before);
    else this.schedule();
    this.sweeping ??= setInterval(() => this.sweep(), sweepMs).unref();
  }

  /** Sends what waits for the end of the turn. */
  flush(): void {
    if (this.writer.length > 0) this.dispatch(this.writer.take(), this.correlation);
  }

  /** Sends the last question apart from what was written before it: together they may be more than a message can hold. */
  private flushBefore(length: number): void {
    const written = this.writer.take();
    if (length > 0) this.dispatch(written.subarray(0, length), this.correlation === 1 ? 0xffffffff : this.correlation - 1);
    this.dispatch(written.subarray(length), this.correlation);
  }

  private dispatch(pack: Buffer, last: number): void {
    const first = this.firstOfPack;
    this.firstOfPack = (last % 0xffffffff) + 1;
    this.lastFlush = performance.now();
    try {
      this.options.send(pack, `${this.options.inbox}.${first}.${last}`);
    } catch (error) {
      queueMicrotask(() => this.fail(first, last, asFault(error)));
    }
  }

  receive(pack: Buffer): void {
    try {
      readAnswers(pack, this.take);
    } catch (error) {
      this.options.onError(error);
    }
  }

  private readonly take = (correlation: number, answer: Reader | Fault): void => {
    const pending = this.pending.get(correlation);
    if (!pending) return; // Too late: the asker has given up.
    this.pending.delete(correlation);
    if (answer instanceof Fault) this.tell(() => pending.receiver.failed(answer));
    else this.settle(pending.receiver, answer);
  };

  private settle(receiver: Receiver<A>, reader: Reader): void {
    let answer: A;
    try {
      answer = this.contract.answer.read(reader);
    } catch (error) {
      const fault = new Fault('internal', `an answer of ${this.contract.subject} cannot be read`, {}, { cause: error });
      return this.tell(() => receiver.failed(fault));
    }
    try {
      receiver.answered(answer);
    } catch (error) {
      this.options.onError(error);
    }
  }

  /** A receiver that throws must not keep the others of its pack from their answers. */
  private tell(work: () => void): void {
    try {
      work();
    } catch (error) {
      this.options.onError(error);
    }
  }

  /** NATS says that nobody serves the subject: the pack whose reply subject ends in these numbers will never be answered. */
  nobodyServes(first: number, last: number): void {
    this.fail(first, last, new Fault('unavailable', `nobody serves ${this.contract.subject}`, { noResponders: true }));
  }

  private fail(first: number, last: number, fault: Fault): void {
    // The numbers begin anew after 2^32 - 1, perhaps within a pack.
    for (let correlation = first; ; correlation = (correlation % 0xffffffff) + 1) {
      const pending = this.pending.get(correlation);
      this.pending.delete(correlation);
      if (pending) this.tell(() => pending.receiver.failed(fault));
      if (correlation === last) return;
    }
  }

  close(): void {
    this.closed = true;
    clearInterval(this.sweeping);
    this.sweeping = undefined;
    for (const { receiver } of this.pending.values()) this.tell(() => receiver.failed(new Fault('unavailable', 'the bus is closed')));
    this.pending.clear();
  }

  private schedule(): void {
    if (this.scheduled) return;
    this.scheduled = true;
    const wait = this.lastFlush + this.options.windowMs - performance.now();
    const flush = () => {
      this.scheduled = false;
      this.flush();
    };
    if (wait < 1) setImmediate(flush);
    else setTimeout(flush, wait);
  }

  private sweep(): void {
    const now = Date.now();
    for (const [correlation, pending] of this.pending) {
      if (pending.deadline > now) continue;
      this.pending.delete(correlation);
      this.tell(() => pending.receiver.failed(new Fault('deadline-exceeded', `no answer in time from ${this.contract.subject}`)));
    }
    if (this.pending.size === 0) {
      clearInterval(this.sweeping);
      this.sweeping = undefined;
    }
  }
}
