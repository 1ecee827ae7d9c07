import { Fault } from '@ohmnibus/domain';
import type { Redis } from 'ioredis';
import { repliesOf } from './execute-pipeline.js';
import type { RedisClock } from './redis-clock.js';
import { podKey } from './station-record.js';

/** One key per pod that says that it lives, and until when this process may rely on its own. */
export class Liveness {
  /** By pod, on the monotonic clock in ms. */
  private readonly until = new Map<string, number>();

  constructor(
    private readonly redis: Redis,
    private readonly clock: RedisClock,
  ) {}

  async refresh(pod: string, ttlMs: number): Promise<void> {
    const sentAt = performance.now();
    // The time comes along, so that the clock of a pod on which nothing happens stays right.
    const [, time] = await repliesOf(this.redis, this.redis.pipeline().set(podKey(pod), '1', 'PX', ttlMs).time());
    this.clock.learnFromTime(sentAt, time);
    this.until.set(pod, sentAt + ttlMs);
  }

  async end(pod: string): Promise<void> {
    this.until.delete(pod);
    await repliesOf(this.redis, this.redis.pipeline().del(podKey(pod)));
  }

  /** Throws Fault `unavailable` unless the pod's key was refreshed from here and has not run out. */
  assert(pods: Iterable<string>): void {
    const now = performance.now();
    for (const pod of pods) {
      if ((this.until.get(pod) ?? 0) <= now) throw new Fault('unavailable', `The liveness of pod ${pod} has run out: refresh it first`);
    }
  }

  /** Those of the pods whose key is there. */
  async alive(pods: readonly string[]): Promise<Set<string>> {
    const asked = [...new Set(pods)];
    if (asked.length === 0) return new Set();
    const pipeline = this.redis.pipeline();
    for (const pod of asked) pipeline.exists(podKey(pod));
    const found = await repliesOf(this.redis, pipeline);
    return new Set(asked.filter((_, i) => found[i] === 1));
  }
}
