import type { BootReason, Dialect, Request } from './dialect.js';
import type { StationCertificates } from './certificates.js';
import type { Charging } from './charging.js';
import type { Clock } from './clock.js';
import { unwaited } from './charging.js';
import type { Evse, StopReason, Token } from './evse.js';
import type { FirmwareUpdates } from './firmware-updates.js';
import type { InstalledProfiles, Profile } from './installed-profiles.js';
import type { LocalList } from './local-list.js';
import type { LogUploads } from './log-uploads.js';
import type { Reservations } from './reservations.js';
import type { Payload } from './rpc/frames.js';
import type { Registration } from './registration.js';
import type { Settings } from './settings.js';
import type { StatusReports } from './status-reports.js';

export interface Restart {
  /** Ends the charges and tells the CSMS before closing; otherwise the socket breaks off and the CSMS hears of them after the boot. */
  readonly graceful: boolean;
  readonly stopReason: StopReason;
  readonly bootReason: BootReason;
}

/** A verdict, and what happens once it has been sent. */
export interface Verdict<Status extends string> {
  readonly status: Status;
  readonly after?: () => void;
}

/** What else a remote start may say. */
export interface RemoteStart {
  readonly remoteStartId?: number;
  readonly profile?: Profile;
}

interface RemoteControlParts {
  readonly clock: Clock;
  readonly vendor: string;
  readonly acceptRemote: boolean;
  readonly settings: Settings;
  readonly evses: ReadonlyMap<number, Evse>;
  readonly charging: Charging;
  readonly localList: LocalList;
  readonly reservations: Reservations;
  readonly profiles: InstalledProfiles;
  readonly reports: StatusReports;
  readonly firmware: FirmwareUpdates;
  readonly logs: LogUploads;
  readonly certificates: StationCertificates;
  readonly registration: Registration;
  readonly dialect: Dialect;
  readonly call: (action: string, payload: Payload) => Promise<Payload>;
  readonly restart: (restart: Restart) => void;
}

const rejected = { status: 'Rejected' } as const;

/** What the CSMS can make a station do, in the words of no version. */
export class RemoteControl {
  private pendingRestart: Restart | undefined;

  constructor(private readonly parts: RemoteControlParts) {}

  get firmware(): FirmwareUpdates {
    return this.parts.firmware;
  }

  get certificates(): StationCertificates {
    return this.parts.certificates;
  }

  get logs(): LogUploads {
    return this.parts.logs;
  }

  get localList(): LocalList {
    return this.parts.localList;
  }

  get reservations(): Reservations {
    return this.parts.reservations;
  }

  get profiles(): InstalledProfiles {
    return this.parts.profiles;
  }

  get clock(): Clock {
    return this.parts.clock;
  }

  /** On an EVSE that is held for this driver rather than on another. A profile is kept as soon as the transaction has begun. */
  start(token: Token, wanted: number | undefined, { remoteStartId, profile }: RemoteStart = {}): Verdict<'Accepted' | 'Rejected'> {
    const { acceptRemote, evses, settings, charging, reservations, profiles } = this.parts;
    const open = [...evses.values()].filter((evse) => (wanted === undefined || evse.id === wanted) && !evse.charge && evse.operative);
    const free = open.find((evse) => evse.reserved && reservations.admits(evse.id, token) === 'yes') ?? open.find((evse) => reservations.admits(evse.id, token) !== 'no');
    if (!acceptRemote || !free || (profile && profile.purpose !== 'Tx')) return rejected;
    const begin = async (): Promise<void> => {
      if (settings.authorizeRemote && !(await this.accepts(token))) return;
      await charging.start({ evse: free.id, token, remoteStartId });
      if (profile) profiles.install(free.id, profile);
    };
    return { status: 'Accepted', after: () => unwaited(begin()) };
  }

  stop(transactionId: string | number): Verdict<'Accepted' | 'Rejected'> {
    const evse = [...this.parts.evses.values()].find(({ charge }) => charge?.transactionId === transactionId);
    if (!evse) return rejected;
    return { status: 'Accepted', after: () => unwaited(this.parts.charging.stop({ evse: evse.id, reason: 'Remote' })) };
  }

  /** Restarts at once, or with `whenIdle` after the last charge. */
  reset(restart: Restart, whenIdle = false): Verdict<'Accepted' | 'Scheduled'> {
    if (whenIdle && this.isCharging) {
      this.pendingRestart = restart;
      return { status: 'Scheduled' };
    }
    return { status: 'Accepted', after: () => this.parts.restart(restart) };
  }

  /** The last charge is over. */
  becameIdle(): void {
    const restart = this.pendingRestart;
    if (!restart || this.isCharging) return;
    this.pendingRestart = undefined;
    this.parts.restart(restart);
  }

  /** `ongoing` says what to do with a charge: end it (1.6) or leave it alone (2.0.1). */
  unlock(id: number, ongoing: 'end' | 'keep'): Verdict<'Unlocked' | 'Charging' | 'Unknown'> {
    const evse = this.parts.evses.get(id);
    if (!evse) return { status: 'Unknown' };
    if (!evse.charge) return { status: 'Unlocked' };
    if (ongoing === 'keep') return { status: 'Charging' };
    return { status: 'Unlocked', after: () => unwaited(this.parts.charging.stop({ evse: id, reason: 'UnlockCommand' })) };
  }

  /** EVSE 0 or none means all. A charge is never interrupted. */
  changeAvailability(id: number | undefined, operative: boolean): Verdict<'Accepted' | 'Rejected' | 'Scheduled'> {
    const evses = [...this.parts.evses.values()].filter((evse) => !id || evse.id === id);
    if (evses.length === 0) return rejected;
    const scheduled = evses.filter((evse) => evse.charge && evse.operative !== operative);
    const now = evses.filter((evse) => !evse.charge && evse.operative !== operative);
    for (const evse of evses) evse.scheduledOperative = undefined;
    for (const evse of scheduled) evse.scheduledOperative = operative;
    for (const evse of now) evse.operative = operative;
    const after = (): void => {
      for (const evse of now) unwaited(this.parts.reports.set(evse, evse.restingStatus));
    };
    return { status: scheduled.length > 0 ? 'Scheduled' : 'Accepted', after };
  }

  trigger(message: string, id: number | undefined): Verdict<'Accepted' | 'Rejected' | 'NotImplemented'> {
    const { evses, registration, reports, charging } = this.parts;
    if (id && !evses.has(id)) return rejected;
    const wanted = [...evses.values()].filter((evse) => !id || evse.id === id);
    const each = (send: (evse: Evse) => Promise<unknown>) => (): void => wanted.forEach((evse) => unwaited(send(evse)));
    switch (message) {
      case 'BootNotification':
        return { status: 'Accepted', after: () => unwaited(registration.boot('Triggered')) };
      case 'Heartbeat':
        return { status: 'Accepted', after: () => unwaited(registration.heartbeat()) };
      case 'StatusNotification':
        return { status: 'Accepted', after: each((evse) => reports.repeat(evse)) };
      case 'MeterValues':
        return { status: 'Accepted', after: each((evse) => charging.meter(evse.id, 'Trigger')) };
      default:
        return { status: 'NotImplemented' };
    }
  }

  /** Sends a report that somebody asked for. */
  report({ action, payload }: Request): void {
    unwaited(this.parts.call(action, payload));
  }

  /** The station knows its own vendor's extensions and says yes to all of them. */
  dataTransfer(payload: Payload): { status: 'Accepted' | 'UnknownVendorId' } {
    return { status: payload['vendorId'] === this.parts.vendor ? 'Accepted' : 'UnknownVendorId' };
  }

  private async accepts(token: Token): Promise<boolean> {
    const { dialect, call } = this.parts;
    const { action, payload } = dialect.authorize(token);
    return dialect.verdict(await call(action, payload)) === 'Accepted';
  }

  private get isCharging(): boolean {
    return [...this.parts.evses.values()].some((evse) => evse.charge);
  }
}
