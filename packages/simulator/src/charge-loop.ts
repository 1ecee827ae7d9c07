import type { Clock } from './clock.js';
import type { Random } from './random.js';
import type { SimulatedStation } from './station.js';

export interface ChargeLoopOptions {
  readonly station: SimulatedStation;
  readonly clock: Clock;
  readonly random: Random;
  readonly tokens: readonly string[];
  /** Real milliseconds on average; each time is drawn between half and one and a half of it. */
  readonly chargeMs: number;
  readonly idleMs: number;
  readonly chargeStarted: () => void;
  readonly chargeStopped: () => void;
}

/** Offline for so long that a driver would find the station dark: no new charges above this many messages in its queue. */
const maxQueued = 100;

/** Drivers come and go at one station: idle, plug in, charge, stop, unplug, and again. */
export class ChargeLoop {
  private cancel: (() => void) | undefined;
  private stopped = false;

  constructor(private readonly options: ChargeLoopOptions) {}

  start(): void {
    void this.run();
  }

  stop(): void {
    this.stopped = true;
    this.cancel?.();
  }

  private async run(): Promise<void> {
    while (!this.stopped) {
      await this.pause(this.options.idleMs);
      try {
        await this.serveDriver();
      } catch {
        // A refused start, a lost connection: the statistics count the CALL, and the driver tries again later.
      }
    }
  }

  private async serveDriver(): Promise<void> {
    const { station, tokens, random, chargeMs, chargeStarted, chargeStopped } = this.options;
    await this.freeEvses();
    const evse = this.evseIn('Available');
    const token = tokens[Math.floor(random() * tokens.length)];
    if (evse === undefined || token === undefined || station.queued > maxQueued) return;
    await station.plugIn(evse);
    try {
      await station.startCharge({ evse, token });
      if (!this.isCharging(evse)) return;
      chargeStarted();
      await this.pause(chargeMs);
      if (this.isCharging(evse)) await station.stopCharge({ evse });
      chargeStopped();
    } finally {
      await station.unplug(evse);
    }
  }

  /** Cars that the CSMS has charged, or that are full, leave. */
  private async freeEvses(): Promise<void> {
    for (const [evse, status] of this.options.station.status) {
      if (status === 'Finishing' || status === 'SuspendedEV') await this.options.station.unplug(evse);
    }
  }

  private evseIn(status: string): number | undefined {
    const evses = [...this.options.station.status].filter(([, is]) => is === status).map(([id]) => id);
    return evses[Math.floor(this.options.random() * evses.length)];
  }

  private isCharging(evse: number): boolean {
    const status = this.options.station.status.get(evse);
    return status === 'Charging' || status === 'SuspendedEV';
  }

  private pause(ms: number): Promise<void> {
    // Once stopped nobody waits: the wheel would turn on for it.
    if (this.stopped) return Promise.resolve();
    return new Promise((resolve) => {
      this.cancel = this.options.clock.after(ms * (0.5 + this.options.random()), resolve);
    });
  }
}
