import type { Redis } from 'ioredis';
import { repliesOf, unavailable } from './execute-pipeline.js';
import type { RedisClock } from './redis-clock.js';

/** What one claim needs of the script, and what it is told. */
interface Waiting {
  readonly key: string;
  readonly args: readonly [holder: string, acceptedAt: number, details: string];
  resolve(reply: ClaimReply): void;
  reject(error: Error): void;
}

/** The epoch, 0 if superseded; the holder before, or empty; its epoch. */
export type ClaimReply = readonly [epoch: number, before: string, epochBefore: number];

/** Redis does nothing else while a script runs. */
const largest = 100;

/**
 * The claims of one turn of the event loop as one call of the script: when thousands of stations come back, a command of its own for each
 * would cost more than all that the script does.
 */
export class ClaimBatch {
  private waiting: Waiting[] = [];
  private leaving: NodeJS.Immediate | undefined;

  constructor(
    private readonly redis: Redis,
    private readonly clock: RedisClock,
    private readonly generation: number,
  ) {}

  /** Rejects with Fault `unavailable`; `details.sent` says whether it may have run. */
  add(key: string, ...args: Waiting['args']): Promise<ClaimReply> {
    return new Promise((resolve, reject) => {
      this.waiting.push({ key, args, resolve, reject });
      if (this.waiting.length === largest) return void this.send();
      this.leaving ??= setImmediate(() => {
        this.leaving = undefined;
        void this.send();
      });
    });
  }

  private async send(): Promise<void> {
    const { waiting } = this;
    if (waiting.length === 0) return;
    this.waiting = [];
    const sentAt = performance.now();
    let replies: readonly (number | string)[];
    try {
      const call = this.redis.pipeline().claimStations(waiting.length, ...waiting.map(({ key }) => key), this.generation, ...waiting.flatMap(({ args }) => args));
      const [reply] = (await repliesOf(this.redis, call)) as [readonly [number, ...(number | string)[]]];
      this.clock.learn(sentAt, reply[0]);
      replies = reply;
    } catch (error) {
      for (const one of waiting) one.reject(error as Error);
      return;
    }
    waiting.forEach((one, i) => {
      const [epoch, before, epochBefore] = replies.slice(3 * i + 1, 3 * i + 4) as unknown as ClaimReply;
      if (epoch < 0) one.reject(unavailable(new Error(before)));
      else one.resolve([epoch, before, epochBefore]);
    });
  }
}
