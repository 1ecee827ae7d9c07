import type { Clock } from '@ohmnibus/domain';

/** When Redis was last lost: for a while after it, what is not there proves nothing. */
export class RedisLosses {
  private lastMs: number;

  constructor(private readonly clock: Clock) {
    // Whether it was wiped just now, nobody can tell who has only just started.
    this.lastMs = clock.now().getTime();
  }

  note(): void {
    this.lastMs = this.clock.now().getTime();
  }

  get sinceMs(): number {
    return this.clock.now().getTime() - this.lastMs;
  }
}
