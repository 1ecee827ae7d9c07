import type { Redis } from 'ioredis';
import { repliesOf } from './execute-pipeline.js';

/** Small values that expire, for the session service's keyed verifiers of passwords. */
export class Verifiers {
  constructor(private readonly redis: Redis) {}

  /** The values in the order of the keys; null for what is not there. */
  async get(keys: string[]): Promise<(string | null)[]> {
    if (keys.length === 0) return [];
    const [values] = await repliesOf(this.redis, this.redis.pipeline().mget(keys.map(verifierKey)));
    return values as (string | null)[];
  }

  async set(key: string, value: string, ttlSeconds: number): Promise<void> {
    await repliesOf(this.redis, this.redis.pipeline().set(verifierKey(key), value, 'EX', ttlSeconds));
  }

  async delete(key: string): Promise<void> {
    await repliesOf(this.redis, this.redis.pipeline().del(verifierKey(key)));
  }
}

function verifierKey(key: string): string {
  return `verifier:${key}`;
}
