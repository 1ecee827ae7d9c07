import type { Bus } from '@ohmnibus/bus';
import { connectionReport, type ConnectionReport } from '@ohmnibus/contracts';
import { asFault, type Clock, type StationRef } from '@ohmnibus/domain';
import type { Log } from '@ohmnibus/runtime';
import type { StationConnection } from './station-connection.js';

/**
 * A station that comes back boots within a moment. What session is to hear of the connection goes with the boot, so that the station's row is
 * written once; so long it waits for that, in milliseconds.
 */
const bootMs = 250;
/** The same object each time: the bus knows its way by it. */
const to = {};

/** Tells session which connections came and went, until it has taken that. */
export class ConnectionReports {
  /** What session has not taken yet: the latest of each station is what counts. */
  private readonly unreported = new Map<string, ConnectionReport>();
  /** Of these, what waits for a boot to go with, the oldest first. */
  private readonly waiting = new Map<StationConnection, ConnectionReport>();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly pod: string,
    private readonly bus: Bus,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Nothing is left to be said. */
  get settled(): boolean {
    return this.unreported.size === 0;
  }

  /** A socket owns its station: said with the boot of the station, or in a moment. */
  came(connection: StationConnection, epoch: number): void {
    const report = this.reportOf(connection, 'connected', epoch);
    this.note(report);
    this.waiting.set(connection, report);
    this.timer ??= setTimeout(() => this.tellOverdue(), bootMs);
  }

  /** A socket owns its station at another epoch. */
  renewed(connection: StationConnection): void {
    this.waiting.delete(connection);
    this.send(this.reportOf(connection, 'connected', connection.epoch));
  }

  went(connection: StationConnection): void {
    this.tell(connection);
    this.send(this.reportOf(connection, 'disconnected', connection.epoch));
  }

  /** The station of the connection boots: what is still to be said of the connection goes with it. */
  takeAlong(connection: StationConnection): ConnectionReport | undefined {
    const report = this.waiting.get(connection);
    if (report) this.waiting.delete(connection);
    return report;
  }

  /** What went with a boot is stored. */
  taken({ ref, epoch }: StationConnection): void {
    const key = keyOf(ref);
    const report = this.unreported.get(key);
    if (report?.epoch === epoch && report.phase === 'connected') this.unreported.delete(key);
  }

  /** Says again what was first said before this time, in milliseconds. */
  repeat(before: number): void {
    for (const report of this.unreported.values()) if (report.at.getTime() < before) this.send(report);
  }

  stop(): void {
    clearTimeout(this.timer);
  }

  private tellOverdue(): void {
    this.timer = undefined;
    const now = this.clock.now().getTime();
    for (const [connection, { at }] of this.waiting) {
      const left = at.getTime() + bootMs - now;
      // A clock that was set back is no reason to wait for longer.
      if (left > 0 && left <= bootMs) {
        this.timer = setTimeout(() => this.tellOverdue(), left);
        return;
      }
      this.tell(connection);
    }
  }

  /** Waits for no boot any longer. */
  private tell(connection: StationConnection): void {
    const report = this.takeAlong(connection);
    if (report) this.send(report);
  }

  private reportOf({ ref: { tenant, station }, version, remoteAddress }: StationConnection, phase: ConnectionReport['phase'], epoch: number): ConnectionReport {
    return { tenant, station, phase, epoch, pod: this.pod, protocol: version.name, remoteAddress, at: this.clock.now() };
  }

  /** A late word about an older connection must not displace what is still to be said about a newer one. */
  private note(report: ConnectionReport): void {
    const key = keyOf(report);
    if ((this.unreported.get(key)?.epoch ?? 0) <= report.epoch) this.unreported.set(key, report);
  }

  private send(report: ConnectionReport): void {
    this.note(report);
    this.bus.ask(connectionReport, to, report).then(
      () => {
        const key = keyOf(report);
        if (this.unreported.get(key) === report) this.unreported.delete(key);
      },
      (error: unknown) => this.log.debug('connection-unreported', { tenant: report.tenant, station: report.station, code: asFault(error).code }),
    );
  }
}

function keyOf({ tenant, station }: StationRef): string {
  return `${tenant}\u0000${station}`;
}
