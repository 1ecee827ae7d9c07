import type { StationRef } from '@ohmnibus/domain';
import { closeCodes } from './station-socket.js';
import type { StationConnection } from './station-connection.js';

/** The sockets that are open on this pod. Several may be of one station for a moment; the last accepted stands for it. */
export class Connections {
  private readonly open = new Set<StationConnection>();
  private readonly latest = new Map<string, StationConnection>();

  get size(): number {
    return this.open.size;
  }

  /** The newest authenticated connection wins: an older one of this pod is closed at once. */
  add(connection: StationConnection): void {
    const older = this.of(connection.ref);
    this.open.add(connection);
    this.latest.set(keyOf(connection.ref), connection);
    older?.close(closeCodes.policy, 'superseded by a newer connection');
  }

  /** A late close of an older socket leaves the newer one where it is. */
  remove(connection: StationConnection): void {
    this.open.delete(connection);
    const key = keyOf(connection.ref);
    if (this.latest.get(key) === connection) this.latest.delete(key);
  }

  of(station: StationRef): StationConnection | undefined {
    return this.latest.get(keyOf(station));
  }

  /** Closes every socket of the station whose epoch is lower, but for one. Returns how many. */
  closeOlder(station: StationRef, epoch: number, but?: StationConnection): number {
    return this.closeEach(station, 'superseded by a newer connection', (connection) => connection !== but && connection.epoch < epoch && connection.epoch !== 0);
  }

  /** Closes the station's sockets. Returns how many. */
  closeAll(station: StationRef, reason: string): number {
    return this.closeEach(station, reason, () => true);
  }

  /** Those whose claim is through. */
  claimed(): StationConnection[] {
    return [...this.open].filter(({ epoch }) => epoch !== 0);
  }

  [Symbol.iterator](): IterableIterator<StationConnection> {
    return this.open.values();
  }

  private closeEach(station: StationRef, reason: string, which: (connection: StationConnection) => boolean): number {
    // More than one socket of a station on one pod lasts only as long as the older takes to close.
    const latest = this.of(station);
    const sockets = [...(latest && which(latest) ? [latest] : []), ...this.shadowed(station, latest).filter(which)];
    for (const connection of sockets) connection.close(closeCodes.policy, reason);
    return sockets.length;
  }

  private shadowed(station: StationRef, latest: StationConnection | undefined): StationConnection[] {
    if (this.open.size === this.latest.size) return [];
    return [...this.open].filter((connection) => connection !== latest && keyOf(connection.ref) === keyOf(station));
  }
}

function keyOf({ tenant, station }: StationRef): string {
  return `${tenant}\u0000${station}`;
}
