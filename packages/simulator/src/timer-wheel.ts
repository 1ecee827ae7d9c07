import type { Clock } from './clock.js';

interface Waiting {
  readonly task: () => void;
  /** How often the wheel still turns past this slot before the task is due. */
  rounds: number;
}

/**
 * One Node interval for any number of waits, because jittered waits of 20,000 stations would each be a timer list of their own in Node.
 * Waits are rounded up to whole ticks. The interval runs only while something waits.
 */
export class TimerWheel implements Clock {
  private readonly slots: Set<Waiting>[];
  private readonly startedAt = performance.now();
  private turned = 0;
  private waiting = 0;
  private interval: NodeJS.Timeout | undefined;

  /** @param tickMs length of a tick in milliseconds */
  constructor(
    private readonly tickMs = 50,
    slots = 1024,
  ) {
    this.slots = Array.from({ length: slots }, () => new Set<Waiting>());
  }

  now(): number {
    return Date.now();
  }

  after(ms: number, task: () => void): () => void {
    if (this.waiting === 0) this.turned = this.ticksPassed();
    const ticks = Math.max(1, Math.ceil((this.elapsed() + Math.max(0, ms)) / this.tickMs) - this.turned);
    const slot = this.slots[(this.turned + ticks) % this.slots.length] as Set<Waiting>;
    const waiting: Waiting = { task, rounds: Math.floor((ticks - 1) / this.slots.length) };
    slot.add(waiting);
    this.waiting += 1;
    this.interval ??= setInterval(() => this.turn(), this.tickMs);
    return () => this.remove(slot, waiting);
  }

  private turn(): void {
    // An interval that fires late owes several ticks.
    for (const due = this.ticksPassed(); this.turned < due; ) {
      this.turned += 1;
      const slot = this.slots[this.turned % this.slots.length] as Set<Waiting>;
      const ripe: Waiting[] = [];
      for (const waiting of slot) if (waiting.rounds-- === 0) ripe.push(waiting);
      // Only now, because a task may add to this very slot, or call off its neighbour.
      for (const waiting of ripe) if (this.remove(slot, waiting)) waiting.task();
    }
  }

  private remove(slot: Set<Waiting>, waiting: Waiting): boolean {
    if (!slot.delete(waiting)) return false;
    this.waiting -= 1;
    if (this.waiting === 0) {
      clearInterval(this.interval);
      this.interval = undefined;
    }
    return true;
  }

  private elapsed(): number {
    return performance.now() - this.startedAt;
  }

  private ticksPassed(): number {
    return Math.floor(this.elapsed() / this.tickMs);
  }
}
