import { backOffMs } from './back-off.js';
import type { Clock } from './clock.js';
import type { Random } from './random.js';
import type { SimulatedStation } from './station.js';

export interface ConnectRampOptions {
  readonly clock: Clock;
  readonly random: Random;
  readonly connectsPerSecond: number;
  /** How many stations may be on their way at once, from dialling to acceptance. */
  readonly maxOutstanding: number;
  readonly connected: (station: SimulatedStation) => void;
  readonly failed: (error: Error) => void;
}

const tickMs = 100;
const retry = { minMs: 1_000, maxMs: 30_000 };

/** Connects many stations at a steady rate; who fails queues up again after a back-off. */
export class ConnectRamp {
  private readonly waiting: { readonly station: SimulatedStation; readonly failures: number }[] = [];
  private readonly retries = new Set<() => void>();
  private outstanding = 0;
  private credit = 1;
  private tickedAt = 0;
  private stopped = false;
  private stopTicking: (() => void) | undefined;

  constructor(private readonly options: ConnectRampOptions) {}

  start(stations: readonly SimulatedStation[]): void {
    for (const station of stations) this.waiting.push({ station, failures: 0 });
    this.waiting.reverse();
    this.tickedAt = this.options.clock.now();
    this.tick();
  }

  stop(): void {
    this.stopped = true;
    this.waiting.length = 0;
    this.stopTicking?.();
    this.stopTicking = undefined;
    for (const cancel of this.retries) cancel();
    this.retries.clear();
  }

  private tick(): void {
    const { clock, connectsPerSecond, maxOutstanding } = this.options;
    // By the time that really passed: a busy process ticks late. It does not pile up while nobody may dial, or a burst would follow.
    const now = clock.now();
    const most = Math.max(1, connectsPerSecond * 0.5);
    this.credit = Math.min(most, this.credit + (connectsPerSecond * (now - this.tickedAt)) / 1000);
    this.tickedAt = now;
    for (; this.credit >= 1 && this.outstanding < maxOutstanding && this.waiting.length > 0; this.credit -= 1) this.dialNext();
    this.stopTicking = this.waiting.length > 0 ? clock.after(tickMs, () => this.tick()) : undefined;
  }

  private dialNext(): void {
    const next = this.waiting.pop();
    if (!next) return;
    const { station, failures } = next;
    this.outstanding += 1;
    station
      .connect()
      .then(
        () => {
          if (!this.stopped) this.options.connected(station);
        },
        (error: Error) => {
          if (this.stopped) return;
          this.options.failed(error);
          this.again(station, failures);
        },
      )
      .finally(() => {
        this.outstanding -= 1;
      });
  }

  private again(station: SimulatedStation, failures: number): void {
    const { clock, random } = this.options;
    const cancel = clock.after(backOffMs(retry, failures, random), () => {
      this.retries.delete(cancel);
      this.waiting.unshift({ station, failures: failures + 1 });
      if (!this.stopTicking) this.tick();
    });
    this.retries.add(cancel);
  }
}
