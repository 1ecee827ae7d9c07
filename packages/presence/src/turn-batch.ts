import type { ChainableCommander, Redis } from 'ioredis';
import type { Outcome } from './execute-pipeline.js';
import { executePipeline, unavailable } from './execute-pipeline.js';
import type { ScriptReply } from './redis-client.js';
import type { RedisClock } from './redis-clock.js';

interface Waiting {
  /** Puts its one command into the pipeline. */
  append(pipeline: ChainableCommander): unknown;
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

  constructor(
    private readonly redis: Redis,
    private readonly clock: RedisClock,
  ) {}

  /** Adds the one command that `append` puts into the pipeline, when it leaves. Rejects with Fault `unavailable`; `details.sent` says whether it may have run. */
  command<Reply>(append: (pipeline: ChainableCommander) => unknown): Promise<Reply> {
    return this.add(append, false);
  }

  /** Likewise for a script, which replies with Redis's time first. */
  script(append: (pipeline: ChainableCommander) => unknown): Promise<ScriptReply> {
    return this.add(append, true);
  }

  private add<Reply>(append: (pipeline: ChainableCommander) => unknown, timed: boolean): Promise<Reply> {
    return new Promise<unknown>((resolve, reject) => {
      this.leaving ??= setImmediate(() => {
        this.leaving = undefined;
        void this.send();
      });
      this.waiting.push({ append, resolve, reject, timed });
      if (this.waiting.length === largest) void this.send();
    }) as Promise<Reply>;
  }

  private async send(): Promise<void> {
    const { waiting } = this;
    if (waiting.length === 0) return;
    this.waiting = [];
    const sentAt = performance.now();
    let outcomes: readonly Outcome[];
    try {
      const pipeline = this.redis.pipeline();
      for (const { append } of waiting) append(pipeline);
      outcomes = await executePipeline(this.redis, pipeline);
    } catch (error) {
      for (const one of waiting) one.reject(error as Error);
      return;
    }
    const timed = waiting.findLastIndex((one, i) => one.timed && !outcomes[i]![0]);
    if (timed >= 0) this.clock.learn(sentAt, (outcomes[timed]![1] as ScriptReply)[0]);
    waiting.forEach((one, i) => {
      const [error, reply] = outcomes[i]!;
      if (error) one.reject(unavailable(error));
      else one.resolve(reply);
    });
  }
}
