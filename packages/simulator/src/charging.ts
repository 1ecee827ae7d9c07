import { randomUUID } from 'node:crypto';
import type { Vehicle } from './charge-curve.js';
import type { Clock } from './clock.js';
import type { Dialect, ReadingContext } from './dialect.js';
import { StoryError } from './errors.js';
import { asToken } from './evse.js';
import type { Charge, Evse, StopReason, Token } from './evse.js';
import type { LocalList } from './local-list.js';
import type { InstalledProfiles } from './installed-profiles.js';
import type { OfflineQueue } from './offline-queue.js';
import type { Random } from './random.js';
import type { Reservations } from './reservations.js';
import type { Payload } from './rpc/frames.js';
import type { Settings } from './settings.js';
import type { StatusReports } from './status-reports.js';

/** A driver, or the CSMS on a driver's behalf, wants to charge. */
export interface StartCharge {
  /** Counted from 1. */
  readonly evse: number;
  /** A string is an RFID token (`ISO14443`). */
  readonly token: string | Token;
  /** The car; a random one by default. */
  readonly vehicle?: Partial<Vehicle>;
  readonly remoteStartId?: number;
  readonly reservationId?: number;
}

export interface StartedCharge {
  readonly evse: number;
  /** The CSMS's number in 1.6, the station's id in 2.0.1; while offline a 1.6 station knows only a handle of its own. */
  readonly transactionId: string | number;
  /** The verdict on the token. Absent while offline, and if the CSMS gave none. Other than Accepted, the charge is over already. */
  readonly authorization?: string;
  /** True if the start waits in the offline queue. */
  readonly queued: boolean;
}

export interface StopCharge {
  readonly evse: number;
  /** Who stops it: who started it, by default. Another token must be of the same group. */
  readonly token?: string | Token;
  /** Local by default. */
  readonly reason?: StopReason;
  /** 1.6 only: StopTransaction repeats the first and the last reading. */
  readonly transactionData?: boolean;
}

interface ChargingParts {
  readonly clock: Clock;
  readonly random: Random;
  readonly dialect: Dialect;
  readonly settings: Settings;
  readonly evses: ReadonlyMap<number, Evse>;
  readonly queue: OfflineQueue;
  readonly localList: LocalList;
  readonly reservations: Reservations;
  readonly profiles: InstalledProfiles;
  readonly reports: StatusReports;
  readonly timeScale: number;
  readonly online: () => boolean;
  readonly call: (action: string, payload: Payload) => Promise<Payload>;
  /** Runs when the last charge of the station is over. */
  readonly idle: () => void;
}

/** What happens between cars and connectors, whatever the version. */
export class Charging {
  constructor(private readonly parts: ChargingParts) {}

  async plugIn(id: number): Promise<void> {
    const evse = this.evse(id);
    if (evse.charge) throw new StoryError(`EVSE ${id} is charging already`);
    evse.plugged = true;
    await this.parts.reports.set(evse, evse.restingStatus);
  }

  /**
   * Resolves once the CSMS has answered the start, or at once while offline. Plugs in first if nobody has. While offline the local list
   * decides; what it does not know may charge. A reserved EVSE is for those whose it is.
   */
  async start(request: StartCharge): Promise<StartedCharge> {
    const { dialect, queue, online, localList, reservations } = this.parts;
    const evse = this.evse(request.evse);
    const token = asToken(request.token);
    const { idToken } = token;
    const offline = !online();
    const listed = offline ? localList.find(idToken) : undefined;
    if (listed && listed.status !== 'Accepted') throw new StoryError(`${idToken} is ${listed.status} by the local list`);
    const welcome = reservations.admits(evse.id, token) === 'yes';
    const group = welcome ? undefined : await this.groupOf(token);
    const reservationId = request.reservationId ?? reservations.fitting(evse.id, token, group);
    if (!welcome && reservationId === undefined) throw new StoryError(`EVSE ${evse.id} is reserved for somebody else`);
    if (evse.charge) throw new StoryError(`EVSE ${evse.id} is charging already`);
    if (!evse.operative) throw new StoryError(`EVSE ${evse.id} is out of service`);
    if (!evse.plugged) unwaited(this.plugIn(evse.id));
    if (reservationId !== undefined) reservations.use(reservationId);
    const charge = this.begin(evse, { ...request, reservationId });
    charge.group = listed?.group;
    const answer = queue.add(dialect.started(charge, offline));
    if (offline) {
      unwaited(answer.then((result) => this.judge(evse, charge, result)));
      this.power(evse, charge);
      return { evse: evse.id, transactionId: charge.transactionId ?? charge.localId, queued: true };
    }
    try {
      const authorization = await answer.then((result) => this.judge(evse, charge, result));
      return { evse: evse.id, transactionId: charge.transactionId ?? charge.localId, authorization, queued: false };
    } catch (error) {
      if (!charge.powered) this.forget(evse, charge);
      throw error;
    }
  }

  /** Resolves once the CSMS has answered, or at once while offline. */
  async meter(id: number, context: ReadingContext = 'Sample.Periodic'): Promise<void> {
    const { clock, dialect, queue, online, call } = this.parts;
    const evse = this.evse(id);
    const offline = !online();
    const reading = evse.meter.read(clock.now());
    if (evse.charge) return this.settle(queue.add(dialect.metered(evse.charge, reading, context, offline)), offline);
    // Without a transaction nobody is billed, so nothing is kept.
    if (offline) return;
    const { action, payload } = dialect.meterValues(id, reading, context);
    await call(action, payload);
  }

  /** Resolves once the CSMS has answered, or at once while offline. */
  async stop({ evse: id, token, reason = 'Local', transactionData = false }: StopCharge): Promise<void> {
    const { clock, dialect, queue, reports, online, idle } = this.parts;
    const evse = this.evse(id);
    if (token !== undefined) await this.admitToStop(evse, asToken(token));
    const charge = evse.charge;
    if (!charge) throw new StoryError(`EVSE ${id} is not charging`);
    const offline = !online();
    const reading = evse.meter.end(clock.now());
    this.release(evse, charge);
    const answer = queue.add(dialect.ended(charge, reading, reason, { offline, transactionData, token: token === undefined ? charge.token : asToken(token) }));
    unwaited(reports.set(evse, evse.operative && evse.plugged ? 'Finishing' : evse.restingStatus));
    idle();
    await this.settle(answer, offline);
  }

  /** Ends a charge that is still on. */
  async unplug(id: number): Promise<void> {
    const evse = this.evse(id);
    evse.plugged = false;
    if (evse.charge) await this.stop({ evse: id, reason: 'EVDisconnected' });
    else await this.parts.reports.set(evse, evse.restingStatus);
  }

  /** Ends every charge for the same reason; resolves once the CSMS knows. */
  async stopAll(reason: StopReason): Promise<void> {
    const charging = [...this.parts.evses.values()].filter((evse) => evse.charge);
    await Promise.allSettled(charging.map((evse) => this.stop({ evse: evse.id, reason })));
  }

  /** Every charge is gone as if it had never been; nobody will be told of an end. */
  forgetAll(): void {
    for (const evse of this.parts.evses.values()) {
      if (!evse.charge) continue;
      evse.meter.end(this.parts.clock.now());
      this.forget(evse, evse.charge);
    }
  }

  /** No more periodic readings until rescheduleMetering; the car charges on. */
  stopMetering(): void {
    for (const evse of this.parts.evses.values()) evse.charge?.stopMetering?.();
  }

  /** Starts the meter's period anew. */
  rescheduleMetering(): void {
    for (const evse of this.parts.evses.values()) if (evse.charge?.powered) this.scheduleMetering(evse, evse.charge);
  }

  evse(id: number): Evse {
    const evse = this.parts.evses.get(id);
    if (!evse) throw new StoryError(`this station has no EVSE ${id}`);
    return evse;
  }

  private begin(evse: Evse, { token, remoteStartId, reservationId, vehicle }: StartCharge): Charge {
    const { clock, random } = this.parts;
    const arrival = { batteryWh: 40_000 + random() * 40_000, startSoc: 0.2 + random() * 0.5, maxPowerW: 11_000 };
    const began = evse.meter.read(clock.now());
    const charge: Charge = {
      evse: evse.id,
      token: asToken(token),
      localId: randomUUID(),
      began,
      vehicle: { ...arrival, ...vehicle },
      remoteStartId,
      reservationId,
      nextSequence: 0,
      powered: false,
      ended: false,
    };
    evse.charge = charge;
    return charge;
  }

  /** Who started a charge may stop it, and whoever is of the same group by the local list or, if that does not know, by the CSMS. */
  private async admitToStop({ id, charge }: Evse, token: Token): Promise<void> {
    if (!charge || sameName(charge.token.idToken, token.idToken)) return;
    const group = await this.groupOf(token);
    if (group === undefined || charge.group === undefined || !sameName(group, charge.group)) {
      throw new StoryError(`${token.idToken} may not stop the charge on EVSE ${id}`);
    }
  }

  /** Of a token that is accepted, by the local list or, if that does not know it, by the CSMS. */
  private async groupOf(token: Token): Promise<string | undefined> {
    const { dialect, localList, online, call } = this.parts;
    let known = localList.find(token.idToken);
    if (!known && online()) {
      const { action, payload } = dialect.authorize(token);
      const result = await call(action, payload);
      known = { status: dialect.verdict(result) ?? 'Unknown', group: dialect.group(result) };
    }
    return known?.status === 'Accepted' ? known.group : undefined;
  }

  /** The CSMS has answered the start. */
  private judge(evse: Evse, charge: Charge, result: Payload): string | undefined {
    const verdict = this.parts.dialect.verdict(result);
    charge.group = this.parts.dialect.group(result) ?? charge.group;
    if (charge.ended) return verdict;
    if (verdict !== undefined && verdict !== 'Accepted' && this.parts.settings.stopOnInvalidToken) {
      unwaited(this.stop({ evse: evse.id, reason: 'DeAuthorized' }));
    } else if (!charge.powered) {
      this.power(evse, charge);
    }
    return verdict;
  }

  private power(evse: Evse, charge: Charge): void {
    const { clock, dialect, queue, reports, online } = this.parts;
    charge.powered = true;
    evse.meter.begin(charge.vehicle, clock.now());
    const message = dialect.powered(charge, evse.meter.read(clock.now()), !online());
    if (message) unwaited(queue.add(message));
    unwaited(reports.set(evse, 'Charging'));
    this.scheduleMetering(evse, charge);
  }

  private scheduleMetering(evse: Evse, charge: Charge): void {
    const { clock, settings, timeScale, reports } = this.parts;
    charge.stopMetering?.();
    if (settings.meterSeconds <= 0) return;
    charge.stopMetering = clock.after((settings.meterSeconds * 1000) / timeScale, () => {
      unwaited(this.meter(evse.id));
      if (evse.meter.isFull) unwaited(reports.set(evse, 'SuspendedEV'));
      this.scheduleMetering(evse, charge);
    });
  }

  /** The start came to nothing: the CSMS would not hear of it. */
  private forget(evse: Evse, charge: Charge): void {
    if (charge.ended) return;
    this.release(evse, charge);
    unwaited(this.parts.reports.set(evse, evse.restingStatus));
  }

  private release(evse: Evse, charge: Charge): void {
    charge.ended = true;
    this.parts.profiles.chargeEnded(evse.id);
    charge.stopMetering?.();
    evse.charge = undefined;
    if (evse.scheduledOperative === undefined) return;
    evse.operative = evse.scheduledOperative;
    evse.scheduledOperative = undefined;
  }

  private async settle(answer: Promise<unknown>, offline: boolean): Promise<void> {
    if (offline) unwaited(answer);
    else await answer;
  }
}

/** Nobody waits for this one: its failure shows in the frames, in the queue, or in a retry. */
export function unwaited(promise: Promise<unknown>): void {
  promise.catch(() => undefined);
}

function sameName(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
