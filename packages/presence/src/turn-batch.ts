import { Fault } from '@ohmnibus/domain';
import type { Redis } from 'ioredis';
import { unavailable } from './execute-pipeline.js';
import type { ScriptReply } from './redis-client.js';
import type { RedisClock } from './redis-clock.js';

interface Waiting {
  /** Asks Redis. */
  ask(redis: Redis): Promise<unknown>;
  resolve(reply: unknown): void;
  reject(error: Error): void;
  /** Whether its reply begins with Redis's time. */
  readonly timed: boolean;
}

/** A larger turn leaves in parts of this many commands, so that the first replies need not wait for the last command to be written. */
const largest = 500;

/**
 * Sends what was asked for in one turn of the event loop together. Unlike the client's own pipelining it does not hold a turn back until
 * the one before is answered: behind a Redis that stands still, commands would wait here and run late.
 */
export class TurnBatch {
  private waiting: Waiting[] = [];
  /** The end of the turn, if something waits for it. */
  private leaving: NodeJS.Immediate | undefined;
  private departure: { readonly promise: Promise<boolean>; readonly tell: (left: boolean) => void } | undefined;

  constructor(
    private readonly redis: Redis,
    private readonly clock: RedisClock,
  ) {}

  /** Adds the one command that `ask` sends, when the turn ends. Rejects with Fault `unavailable`; `details.sent` says whether it may have run. */
  command<Reply>(ask: (redis: Redis) => Promise<unknown>): Promise<Reply> {
    return this.add(ask, false);
  }

  /** Likewise for a script, which replies with Redis's time first. */
  script(ask: (redis: Redis) => Promise<unknown>): Promise<ScriptReply> {
    return this.add(ask, true);
  }

  /**
   * Resolves when what this turn asked for has left: true if the operating system has all of it, so that Redis gets it whatever becomes of
   * this process, and before what this process sends to anybody from then on.
   */
  departed(): Promise<boolean> {
    if (!this.departure) {
      let tell: (left: boolean) => void = () => undefined;
      const promise = new Promise<boolean>((resolve) => (tell = resolve));
      this.departure = { promise, tell };
      this.leave();
    }
    return this.departure.promise;
  }

  private add<Reply>(ask: Waiting['ask'], timed: boolean): Promise<Reply> {
    return new Promise<unknown>((resolve, reject) => {
      this.leave();
      this.waiting.push({ ask, resolve, reject, timed });
      if (this.waiting.length === largest) this.send();
    }) as Promise<Reply>;
  }

  private leave(): void {
    this.leaving ??= setImmediate(() => {
      this.leaving = undefined;
      this.send();
      const { status, stream } = this.redis;
      this.departure?.tell(status === 'ready' && stream.writable && stream.writableLength === 0);
      this.departure = undefined;
    });
  }

  private send(): void {
    const { waiting, redis } = this;
    if (waiting.length === 0) return;
    this.waiting = [];
    if (redis.status !== 'ready') {
      const fault = new Fault('unavailable', 'Redis is not connected', { sent: false });
      for (const { reject } of waiting) reject(fault);
      return;
    }
    const sentAt = performance.now();
    const { stream } = redis;
    // One write for all, without the client's own pipelines, which make several times as much of each command.
    stream.cork();
    for (const { ask, resolve, reject, timed } of waiting) {
      ask(redis).then(
        (reply) => {
          if (timed) this.clock.learn(sentAt, (reply as ScriptReply)[0]);
          resolve(reply);
        },
        (error: Error) => reject(unavailable(error)),
      );
    }
    stream.uncork();
  }
}
