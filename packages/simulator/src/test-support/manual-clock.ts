import type { Clock } from '../clock.js';

interface Wait {
  readonly dueAt: number;
  readonly ms: number;
  readonly task: () => void;
}

/** Time that passes when the test says so. */
export class ManualClock implements Clock {
  /** Every wait asked for so far, in milliseconds. */
  readonly asked: number[] = [];
  private readonly waits = new Set<Wait>();

  constructor(private time = Date.UTC(2025, 0, 1)) {}

  now(): number {
    return this.time;
  }

  after(ms: number, task: () => void): () => void {
    const wait = { dueAt: this.time + ms, ms, task };
    this.asked.push(ms);
    this.waits.add(wait);
    return () => this.waits.delete(wait);
  }

  /** Waits that have neither run nor been called off, in milliseconds as asked for. */
  get pending(): number[] {
    return [...this.waits].map(({ ms }) => ms);
  }

  /** Runs what falls due within the next `ms`, earliest first. */
  advance(ms: number): void {
    const end = this.time + ms;
    for (;;) {
      const due = [...this.waits].filter(({ dueAt }) => dueAt <= end).toSorted((a, b) => a.dueAt - b.dueAt)[0];
      if (!due) break;
      this.waits.delete(due);
      this.time = Math.max(this.time, due.dueAt);
      due.task();
    }
    this.time = end;
  }
}
