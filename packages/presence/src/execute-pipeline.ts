import { Fault } from '@ohmnibus/domain';
import type { ChainableCommander, Redis } from 'ioredis';

/** What became of one command of a pipeline: its reply, or why there is none. */
export type Outcome = readonly [error: Error | null, reply: unknown];

/**
 * Sends a pipeline now and resolves with one outcome for each of its commands.
 * Throws Fault `unavailable` with `details.sent` false if there is no connection at this moment.
 */
export async function executePipeline(redis: Redis, pipeline: ChainableCommander): Promise<readonly Outcome[]> {
  if (redis.status !== 'ready') throw new Fault('unavailable', 'Redis is not connected', { sent: false });
  return (await pipeline.exec()) ?? [];
}

/** The replies of a pipeline whose commands are of no use one without the other. Throws Fault `unavailable` if one failed. */
export async function repliesOf(redis: Redis, pipeline: ChainableCommander): Promise<unknown[]> {
  const outcomes = await executePipeline(redis, pipeline);
  return outcomes.map(([error, reply]) => {
    if (error) throw unavailable(error);
    return reply;
  });
}

/** A command that left and has no reply to show: it may have been carried out. */
export function unavailable(error: Error): Fault {
  if (error instanceof Fault) return error;
  return new Fault('unavailable', `Redis: ${error.message}`, { sent: true }, { cause: error });
}
