import type { Bus } from '@ohmnibus/bus';
import { closeOlder } from '@ohmnibus/contracts';
import { asFault, type Clock, type StationRef } from '@ohmnibus/domain';
import type { Presence } from '@ohmnibus/presence';
import type { Log } from '@ohmnibus/runtime';
import { ConnectionReports } from './connection-reports.js';
import type { Connections } from './connections.js';
import { closeCodes } from './station-socket.js';
import type { StationConnection } from './station-connection.js';

/** A pod that has not said that it lives for this long is gone. */
export const livenessMs = 15_000;
const roundMs = 5_000;
const releaseRounds = 2;

/**
 * Keeps the store's idea of who owns a station equal to the sockets that are open here. A claim is made when a socket is accepted and
 * undone when it closes; a round every few seconds repairs whatever went wrong in between.
 */
export class Ownership {
  /**
   * Connections that are gone and whose entry may still name them, and in how many more rounds they are released: a claim that was cut
   * off with its connection to Redis may run a little later still.
   */
  private readonly unreleased = new Map<StationConnection, number>();
  readonly reports: ConnectionReports;
  private round: NodeJS.Timeout | undefined;
  private inRound: Promise<void> | undefined;
  private inWork = 0;

  constructor(
    /** This incarnation of the pod. */
    readonly pod: string,
    private readonly connections: Connections,
    private readonly presence: Presence,
    private readonly bus: Bus,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {
    this.reports = new ConnectionReports(pod, bus, clock, log);
  }

  async start(): Promise<void> {
    await this.presence.refreshLiveness(this.pod, livenessMs);
    this.round = setInterval(() => {
      this.inRound ??= this.reconcile().finally(() => {
        this.inRound = undefined;
      });
    }, roundMs);
  }

  /** Makes an accepted socket the owner of its station, or closes it. */
  async claim(connection: StationConnection): Promise<void> {
    this.inWork++;
    const { tenant, station } = connection.ref;
    try {
      const details = { protocol: connection.version.name, remoteAddress: connection.remoteAddress, since: connection.acceptedAt };
      const outcome = await this.presence.claim({ tenant, station, pod: this.pod, connection: connection.id, acceptedAt: connection.acceptedAt }, details);
      if (outcome.kind === 'superseded') {
        this.log.info('connection-superseded', { ...connection.ref, connection: connection.id });
        connection.close(closeCodes.policy, 'superseded by a newer connection');
        return;
      }
      if (!connection.open) return this.release(connection, outcome.epoch);
      // First, for the boot may be here already.
      this.reports.came(connection, outcome.epoch);
      this.own(connection, outcome.epoch, outcome.previous);
    } catch (error) {
      // Whether it was carried out is not known: the round makes sure that nothing names this connection.
      this.log.warn('claim-failed', { ...connection.ref, connection: connection.id, error });
      this.unreleased.set(connection, releaseRounds);
      connection.close(closeCodes.tryLater, 'ownership cannot be claimed now');
    } finally {
      this.inWork--;
    }
  }

  /** A socket closed. */
  async closed(connection: StationConnection): Promise<void> {
    if (connection.epoch === 0) return; // Its claim is in flight, or never was: the claim sees that it is closed.
    this.reports.went(connection);
    await this.release(connection, connection.epoch);
  }

  /**
   * Closes the sockets of a station that are older than an epoch. A round that is under way may be giving one of them a newer epoch: its
   * verdicts are applied first.
   */
  async closeOlder(station: StationRef, epoch: number): Promise<number> {
    await this.inRound;
    return this.connections.closeOlder(station, epoch);
  }

  /** Stops the rounds, lets what is under way end and says that the pod is gone. */
  async stop(timeoutMs: number): Promise<void> {
    clearInterval(this.round);
    const end = this.clock.now().getTime() + timeoutMs;
    const settled = () => this.inWork === 0 && this.reports.settled && this.unreleased.size === 0;
    while (!settled() && this.clock.now().getTime() < end) {
      await new Promise((resolve) => setTimeout(resolve, 10));
    }
    this.reports.stop();
    await this.presence.endLiveness(this.pod).catch((error: unknown) => this.log.warn('liveness-not-ended', { error }));
  }

  private own(connection: StationConnection, epoch: number, previous: { pod: string; connection: number } | undefined): void {
    connection.owned(epoch);
    if (previous?.pod === this.pod) this.connections.closeOlder(connection.ref, epoch, connection);
    if (!previous || previous.pod === this.pod) return;
    const { tenant, station } = connection.ref;
    // Losing this is repaired by the other pod's round.
    this.bus.ask(closeOlder, { pod: previous.pod }, { tenant, station, epoch }).catch((error: unknown) => {
      this.log.debug('close-older-unanswered', { tenant, station, pod: previous.pod, code: asFault(error).code });
    });
  }

  private async release(connection: StationConnection, epoch: number): Promise<void> {
    const { tenant, station } = connection.ref;
    this.inWork++;
    try {
      await this.presence.release({ tenant, station, pod: this.pod, connection: connection.id, epoch });
    } catch (error) {
      this.log.warn('release-failed', { ...connection.ref, connection: connection.id, error });
      this.unreleased.set(connection, releaseRounds);
    } finally {
      this.inWork--;
    }
  }

  /** Liveness first, then what is held, then what should be gone, then what session has not heard. */
  private async reconcile(): Promise<void> {
    try {
      await this.presence.refreshLiveness(this.pod, livenessMs);
      await this.reconcileHeld();
      for (const [connection, rounds] of this.unreleased) {
        await this.presence.releaseConnection({ ...connection.ref, pod: this.pod, connection: connection.id });
        if (rounds > 1) this.unreleased.set(connection, rounds - 1);
        else this.unreleased.delete(connection);
      }
      this.reports.repeat(this.clock.now().getTime() - roundMs);
    } catch (error) {
      this.log.warn('reconcile-failed', { error });
    }
  }

  private async reconcileHeld(): Promise<void> {
    const held = this.connections.claimed();
    const verdicts = await this.presence.reconcile(
      held.map(({ ref: { tenant, station }, id, acceptedAt, version, remoteAddress, epoch }) => ({
        tenant,
        station,
        pod: this.pod,
        connection: id,
        acceptedAt,
        protocol: version.name,
        remoteAddress,
        since: acceptedAt,
        epoch,
      })),
    );
    for (const [i, verdict] of verdicts.entries()) {
      const connection = held[i]!;
      if (!connection.open) {
        // Put back or renewed while it closed: the entry names a socket that is gone.
        if (verdict.kind === 'restored' || verdict.kind === 'renewed') this.unreleased.set(connection, releaseRounds);
      } else if (verdict.kind === 'close') connection.close(closeCodes.policy, 'superseded by a newer connection');
      else if (verdict.kind === 'renewed') {
        this.own(connection, verdict.epoch, verdict.previous);
        this.reports.renewed(connection);
      }
    }
  }
}
