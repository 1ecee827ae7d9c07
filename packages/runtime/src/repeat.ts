import type { Log } from './log.js';

/** Work that comes round. A round begins when the one before has ended; one that fails is logged, and tried again after `retryMs`. */
export class Repeat {
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> | undefined;
  private stopped = false;

  constructor(
    private readonly name: string,
    private readonly work: () => Promise<unknown>,
    private readonly everyMs: number,
    private readonly log: Log,
    private readonly retryMs = everyMs,
  ) {}

  /** Begins the first round at once. */
  start(): this {
    this.round = this.work().then(
      () => this.schedule(this.everyMs),
      (error: unknown) => {
        this.log.warn(`${this.name}-failed`, { error });
        this.schedule(this.retryMs);
      },
    );
    return this;
  }

  /** Begins no more rounds; resolves when the last has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.round;
  }

  private schedule(afterMs: number): void {
    if (!this.stopped) this.timer = setTimeout(() => void this.start(), afterMs);
  }
}
