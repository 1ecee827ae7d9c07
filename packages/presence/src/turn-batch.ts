import type { ChainableCommander, Redis } from 'ioredis';
import type { Outcome } from './execute-pipeline.js';
import { executePipeline, unavailable } from './execute-pipeline.js';
import type { ScriptReply } from './redis-client.js';
import type { RedisClock } from './redis-clock.js';

interface Waiting {
  settle(outcome: Outcome): void;
  /** Whether its reply begins with Redis's time. */
  readonly timed: boolean;
}

/**
 * Sends what was asked for in one turn of the event loop together. Unlike the client's own pipelining it does not hold a turn back until
 * the one before is answered: behind a Redis that stands still, commands would wait here and run late.
 */
export class TurnBatch {
  private pipeline: ChainableCommander | undefined;
  private waiting: Waiting[] = [];

  constructor(
    private readonly redis: Redis,
    private readonly clock: RedisClock,
  ) {}

  /** Adds the one command that `append` puts into the pipeline. Rejects with Fault `unavailable`; `details.sent` says whether it may have run. */
  command<Reply>(append: (pipeline: ChainableCommander) => unknown): Promise<Reply> {
    return this.add(append, false);
  }

  /** Likewise for a script, which replies with Redis's time first. */
  script(append: (pipeline: ChainableCommander) => unknown): Promise<ScriptReply> {
    return this.add(append, true);
  }

  private add<Reply>(append: (pipeline: ChainableCommander) => unknown, timed: boolean): Promise<Reply> {
    return new Promise((resolve, reject) => {
      if (this.pipeline === undefined) {
        this.pipeline = this.redis.pipeline();
        setImmediate(() => void this.send());
      }
      append(this.pipeline);
      const settle = ([error, reply]: Outcome): void => (error ? reject(unavailable(error)) : resolve(reply as Reply));
      this.waiting.push({ settle, timed });
    });
  }

  private async send(): Promise<void> {
    const { pipeline, waiting } = this;
    this.pipeline = undefined;
    this.waiting = [];
    const sentAt = performance.now();
    let outcomes: readonly Outcome[];
    try {
      outcomes = await executePipeline(this.redis, pipeline!);
    } catch (error) {
      for (const one of waiting) one.settle([error as Error, undefined]);
      return;
    }
    const timed = waiting.findLastIndex((one, i) => one.timed && !outcomes[i]![0]);
    if (timed >= 0) this.clock.learn(sentAt, (outcomes[timed]![1] as ScriptReply)[0]);
    waiting.forEach((one, i) => one.settle(outcomes[i]!));
  }
}
