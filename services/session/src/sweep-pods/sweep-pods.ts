import type { Clock } from '@ohmnibus/domain';
import type { Log } from '@ohmnibus/runtime';
import type { PodStore } from './pod-store.js';
import type { RedisLosses } from './redis-losses.js';

export interface SweepOptions {
  /** How long after a failure of Redis nothing is swept, in milliseconds: pods need that long to show themselves again. */
  readonly restMs: number;
  readonly batchRows?: number;
}

/** Few pods end without a word, and to find their stations all are looked at: a pod that was swept is swept again after so long, in milliseconds. */
const againMs = 60_000;

/**
 * Stations of gateway pods that ended without a word are taken offline (rule 15 of consistency.md). A pod is gone when its liveness key
 * was absent at two looks in a row. Any number of processes may sweep.
 */
export class SweepPods {
  /** Absent at the last look. */
  private missing = new Set<string>();
  /** When pods that are gone were last swept, in milliseconds. */
  private readonly swept = new Map<string, number>();

  constructor(
    private readonly pods: PodStore,
    /** Those of the pods that live; rejects if Redis does not answer. */
    private readonly alive: (pods: string[]) => Promise<Set<string>>,
    private readonly redisLosses: RedisLosses,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly options: SweepOptions,
  ) {}

  /** One look. Rejects if the database does not answer. How many stations were taken offline. */
  async look(): Promise<number> {
    if (this.resting()) return 0;
    const pods = await this.pods.pods();
    let alive: Set<string> | undefined;
    try {
      alive = await this.alive(pods);
    } catch (error) {
      this.log.warn('sweep-rests', { error });
      this.redisLosses.note();
    }
    // It may also have been lost and found again while we asked.
    if (!alive || this.resting()) return 0;
    const missing = pods.filter((pod) => !alive.has(pod));
    const gone = missing.filter((pod) => this.missing.has(pod));
    this.missing = new Set(missing);
    let swept = 0;
    for (const pod of gone) swept += await this.sweep(pod);
    for (const pod of this.swept.keys()) if (!this.missing.has(pod)) this.swept.delete(pod);
    return swept;
  }

  private async sweep(pod: string): Promise<number> {
    const now = this.clock.now().getTime();
    if ((this.swept.get(pod) ?? -Infinity) > now - againMs) return 0;
    const batchRows = this.options.batchRows ?? 2_000;
    let swept = 0;
    for (let rows = batchRows; rows === batchRows; swept += rows) rows = await this.pods.disconnect(pod, this.clock.now(), batchRows);
    await this.pods.forget(pod);
    this.swept.set(pod, now);
    if (swept > 0) this.log.warn('pod-swept', { pod, stations: swept });
    return swept;
  }

  private resting(): boolean {
    const resting = this.redisLosses.sinceMs < this.options.restMs;
    if (resting) this.missing = new Set();
    return resting;
  }
}
