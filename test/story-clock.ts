import type { Clock } from '@ohmnibus/simulator';

/** A station's clock that stands still until the story moves it on, so that the same story measures the same energy. Waits take real time. */
export class StoryClock implements Clock {
  constructor(private time: number) {}

  now(): number {
    return this.time;
  }

  advanceSeconds(seconds: number): void {
    this.time += seconds * 1000;
  }

  after(ms: number, task: () => void): () => void {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  }
}
