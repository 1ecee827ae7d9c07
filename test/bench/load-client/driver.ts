import type { Drive } from './load-client-api.js';
import type { Station } from './station.js';

/** Sends with stations that are idle, one question each at a time, until it is stopped. */
export class Driver {
  private running = true;
  private next = 0;
  private timer: NodeJS.Timeout | undefined;
  private dueAt = 0;

  constructor(
    private readonly stations: readonly Station[],
    private readonly drive: Drive,
  ) {}

  start(): void {
    const { drive } = this;
    if (drive.kind === 'saturated') for (const station of this.stations) station.sendNext(this.again);
    else if (drive.kind === 'in-flight') for (let i = 0; i < drive.limit; i++) this.sendOne(this.another);
    else {
      this.dueAt = performance.now();
      this.sendDue(drive.perSecond);
    }
  }

  stop(): void {
    this.running = false;
    clearTimeout(this.timer);
  }

  private readonly again = (station: Station): void => {
    if (this.running) station.sendNext(this.again);
  };

  private readonly another = (): void => {
    if (this.running) this.sendOne(this.another);
  };

  /** The next station of the round that is not waiting for an answer. */
  private sendOne(done: (station: Station) => void): void {
    for (let tries = 0; tries < this.stations.length; tries++) {
      const station = this.stations[this.next]!;
      this.next = (this.next + 1) % this.stations.length;
      if (!station.waiting && station.connected) return station.sendNext(done);
    }
  }

  /** Many stations that know nothing of each other: the pauses between messages are exponential. */
  private sendDue(perSecond: number): void {
    const now = performance.now();
    while (this.dueAt <= now) {
      this.sendOne(() => undefined);
      this.dueAt -= (Math.log(1 - Math.random()) * 1000) / perSecond;
    }
    this.timer = setTimeout(() => this.sendDue(perSecond), Math.max(1, this.dueAt - performance.now()));
  }
}
