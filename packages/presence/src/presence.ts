import type { StationRef } from '@ohmnibus/domain';
import { Fault } from '@ohmnibus/domain';
import type { Redis } from 'ioredis';
import { ClaimBatch } from './claim-batch.js';
import { repliesOf } from './execute-pipeline.js';
import { Journal } from './journal.js';
import { Liveness } from './liveness.js';
import { OwnerBatch } from './owner-batch.js';
import type { HeldSocket, ReconcileVerdict } from './reconcile.js';
import { reconcile } from './reconcile.js';
import type { PresenceLog, ScriptReply } from './redis-client.js';
import { redisClient } from './redis-client.js';
import { RedisClock } from './redis-clock.js';
import type { Owner, OwnerDetails, PreviousOwner, Socket } from './station-record.js';
import { detailsOf, holderOf, ownerFields, parseOwner, previousOwner, stationKey } from './station-record.js';
import { SocketsInMotion } from './sockets-in-motion.js';
import { TurnBatch } from './turn-batch.js';
import { Verifiers } from './verifiers.js';

/** `superseded`: a socket that was accepted later has claimed the station already; close this one. */
export type ClaimOutcome = { kind: 'owned'; epoch: number; previous: PreviousOwner | undefined } | { kind: 'superseded' };

export interface PresenceOptions {
  /** `redis://` or `rediss://`, with credentials if need be. */
  url: string;
  log?: PresenceLog;
  /** How long to wait for any reply, in ms. */
  commandTimeoutMs?: number;
}

/** Until a count of generations is kept, there is one. */
const generation = 1;
/** How long a station's last epoch is remembered after nobody owns it, in seconds: 30 days. */
const vacantSeconds = 30 * 24 * 3600;

/**
 * Which socket on which gateway pod owns a station, under which epoch. Every change is compare-and-set in Redis.
 *
 * Every method rejects with Fault `unavailable` if Redis does not answer in time or at all. Nothing is queued for later or sent twice;
 * a command that was sent and not answered (`details.sent`) may still have been carried out.
 */
export class Presence {
  private readonly clock = new RedisClock();
  private readonly motion = new SocketsInMotion();
  private readonly batch: TurnBatch;
  private readonly claims: ClaimBatch;
  private readonly lookUps: OwnerBatch;
  private readonly liveness: Liveness;
  readonly verifiers: Verifiers;

  private constructor(private readonly redis: Redis) {
    this.batch = new TurnBatch(redis, this.clock);
    this.claims = new ClaimBatch(redis, this.clock, generation);
    this.lookUps = new OwnerBatch(this.batch);
    this.liveness = new Liveness(redis, this.clock);
    this.verifiers = new Verifiers(redis);
  }

  /** Resolves once Redis has answered; from then on it reconnects by itself. */
  static async connect({ url, log = () => {}, commandTimeoutMs = 3000 }: PresenceOptions): Promise<Presence> {
    const redis = redisClient(url, commandTimeoutMs, log);
    const presence = new Presence(redis);
    try {
      await redis.connect();
      await presence.ping();
      return presence;
    } catch (error) {
      redis.disconnect();
      if (error instanceof Fault) throw error;
      throw new Fault('unavailable', `Redis: ${(error as Error).message}`, { sent: false }, { cause: error });
    }
  }

  /** What processes of one kind have in work; see {@link Journal}. Close it before this. */
  journal(name: string): Journal {
    return new Journal(this.redis, this.batch, () => this.now(), name);
  }

  /** Now on Redis's clock, in ms. */
  now(): number {
    return this.clock.now();
  }

  /**
   * Makes the socket its station's owner. After a failure with an unknown outcome, and if the socket has closed by the time of the
   * answer, the caller has to release it.
   */
  async claim(socket: Socket, details: OwnerDetails): Promise<ClaimOutcome> {
    const holder = holderOf(socket);
    this.motion.claiming(holder);
    try {
      const [epoch, before, epochBefore] = await this.claims.add(stationKey(socket), holder, socket.acceptedAt, detailsOf(details));
      return epoch === 0 ? { kind: 'superseded' } : { kind: 'owned', epoch, previous: previousOwner(before, epochBefore) };
    } finally {
      this.motion.claimed(holder);
    }
  }

  /** Leaves the station without an owner if the owner is this socket at this epoch. */
  async release(socket: StationRef & { pod: string; connection: number; epoch: number }): Promise<void> {
    this.motion.releasing(holderOf(socket));
    await this.vacate(socket, socket.epoch);
  }

  /**
   * Leaves the station without an owner if the owner is this socket, at whatever epoch: for a socket that closed and whose claim has an
   * unknown outcome. A claim that was cut off with its connection may run a little later still: call it again in a later round.
   */
  async releaseConnection(socket: StationRef & { pod: string; connection: number }): Promise<void> {
    this.motion.releasing(holderOf(socket));
    await this.vacate(socket, '');
  }

  /**
   * Compares the sockets that a pod holds with the store and sets right what differs; one verdict for each, in their order.
   * Refresh the pod's liveness first: an owner whose pod has no living key may be cleared by anyone, so none is put back without it.
   * A socket released while this runs stays released, whatever its verdict.
   */
  reconcile(held: readonly HeldSocket[]): Promise<ReconcileVerdict[]> {
    const { redis, batch, liveness, motion } = this;
    const vacate = async (socket: HeldSocket): Promise<void> => void (await this.vacate(socket, ''));
    return reconcile({ redis, batch, liveness, motion, generation, vacate }, held);
  }

  /** Says that the pod lives for the next `ttlMs`. */
  refreshLiveness(pod: string, ttlMs: number): Promise<void> {
    return this.liveness.refresh(pod, ttlMs);
  }

  /** Says that the pod is gone: what it still owns may be cleared. */
  endLiveness(pod: string): Promise<void> {
    return this.liveness.end(pod);
  }

  /** Who owns the station; undefined if nobody does. */
  owner(station: StationRef): Promise<Owner | undefined> {
    return this.lookUps.owner(station);
  }

  /** Likewise for many stations, in their order. */
  async owners(stations: readonly StationRef[]): Promise<(Owner | undefined)[]> {
    if (stations.length === 0) return [];
    const pipeline = this.redis.pipeline();
    for (const station of stations) pipeline.hmget(stationKey(station), ...ownerFields);
    const replies = (await repliesOf(this.redis, pipeline)) as (string | null)[][];
    return stations.map((station, i) => parseOwner(station, replies[i]!));
  }

  /** Those of the pods that live. */
  alivePods(pods: readonly string[]): Promise<Set<string>> {
    return this.liveness.alive(pods);
  }

  /**
   * Leaves the station without an owner if the owner is still this one and its pod lives no more. Whether it did.
   * Nothing else may clear somebody else's station: a pod that does not answer may only be slow.
   */
  async clearIfPodGone(owner: Owner): Promise<boolean> {
    if ((await this.liveness.alive([owner.pod])).has(owner.pod)) return false;
    return this.vacate(owner, owner.epoch);
  }

  /** Resolves if Redis answers. */
  async ping(): Promise<void> {
    const sentAt = performance.now();
    const [time] = await repliesOf(this.redis, this.redis.pipeline().time());
    this.clock.learnFromTime(sentAt, time);
  }

  /** Ends the connection after the commands that are under way. */
  async close(): Promise<void> {
    // What was asked for in this turn leaves at its end.
    await new Promise(setImmediate);
    try {
      await this.redis.quit();
    } catch {
      this.redis.disconnect();
    }
  }

  private async vacate(socket: StationRef & { pod: string; connection: number }, epoch: number | ''): Promise<boolean> {
    const [, emptied]: ScriptReply = await this.batch.script((redis) => redis.vacateStation(stationKey(socket), holderOf(socket), epoch, vacantSeconds));
    return emptied === 1;
  }
}
