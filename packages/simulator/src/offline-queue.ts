import type { Clock } from './clock.js';
import { CallTimeoutError, StationCallError } from './errors.js';
import type { Payload } from './rpc/frames.js';

/** A fact about a transaction that the CSMS has to acknowledge. */
export interface TransactionMessage {
  readonly action: string;
  /** Built when first sent and then kept, because a 1.6 charge that began offline learns its transaction id late. */
  readonly payload: () => Payload;
  /** Runs with the CALLRESULT before the next message is built. */
  readonly acknowledged?: (result: Payload) => void;
}

export interface OfflineQueueOptions {
  readonly clock: Clock;
  /** Sends with a message id of its own every time. */
  readonly send: (action: string, payload: Payload) => Promise<Payload>;
  /** How often a message answered with a CALLERROR is sent before it is given up. */
  readonly attempts: () => number;
  /** Wait after a CALLERROR, in milliseconds, multiplied by the number of attempts so far. */
  readonly retryIntervalMs: () => number;
}

interface Queued {
  readonly message: TransactionMessage;
  readonly resolve: (result: Payload) => void;
  readonly reject: (error: Error) => void;
  payload?: Payload;
  attempts: number;
}

/**
 * Transaction messages in the order in which they happened, one at a time, kept until the CSMS has answered.
 * No answer (timeout, lost connection): the same payload goes again, as often as it takes. A CALLERROR: again, a limited number of times.
 */
export class OfflineQueue {
  private readonly queue: Queued[] = [];
  private readonly drainWaiters: (() => void)[] = [];
  private open = false;
  private sending = false;
  private wake: (() => void) | undefined;

  constructor(private readonly options: OfflineQueueOptions) {}

  get length(): number {
    return this.queue.length;
  }

  /** Resolves with the CALLRESULT; rejects with the last StationCallError once the message is given up. */
  add(message: TransactionMessage): Promise<Payload> {
    return new Promise((resolve, reject) => {
      this.queue.push({ message, resolve, reject, attempts: 0 });
      void this.pump();
    });
  }

  /** The station is online and accepted. */
  resume(): void {
    this.open = true;
    void this.pump();
  }

  pause(): void {
    this.open = false;
    this.wake?.();
  }

  /** Resolves once nothing waits for an answer. */
  async drained(): Promise<void> {
    if (this.queue.length > 0) await new Promise<void>((resolve) => this.drainWaiters.push(resolve));
  }

  /** Nobody waits for the answers any more; the messages stay. */
  abandon(error: Error): void {
    for (const queued of this.queue) queued.reject(error);
  }

  private async pump(): Promise<void> {
    if (this.sending) return;
    this.sending = true;
    for (let head = this.queue[0]; this.open && head; head = this.queue[0]) await this.send(head);
    if (this.queue.length === 0) for (const resolve of this.drainWaiters.splice(0)) resolve();
    this.sending = false;
  }

  private async send(head: Queued): Promise<void> {
    head.payload ??= head.message.payload();
    try {
      const result = await this.options.send(head.message.action, head.payload);
      this.queue.shift();
      head.message.acknowledged?.(result);
      head.resolve(result);
    } catch (error) {
      if (error instanceof StationCallError) {
        head.attempts += 1;
        if (head.attempts < this.options.attempts()) return this.wait(this.options.retryIntervalMs() * head.attempts);
        this.queue.shift();
        head.reject(error);
      } else if (!(error instanceof CallTimeoutError)) {
        // The connection is gone; resume() goes on where this stops.
        this.open = false;
      }
    }
  }

  private wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      const cancel = this.options.clock.after(ms, () => this.wake?.());
      this.wake = () => {
        cancel();
        this.wake = undefined;
        resolve();
      };
    });
  }
}
