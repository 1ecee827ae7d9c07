import type { Clock } from './clock.js';
import type { Evse } from './evse.js';

export type ProfilePurpose = 'StationMax' | 'TxDefault' | 'Tx';
export type RateUnit = 'A' | 'W';

export interface LimitPeriod {
  /** Seconds since the schedule began. */
  readonly startPeriod: number;
  readonly limit: number;
  readonly numberPhases?: number;
}

/** Limits over time, as the CSMS has sent them. Times are in milliseconds since the Unix epoch. */
export interface Profile {
  readonly id: number;
  readonly purpose: ProfilePurpose;
  readonly stackLevel: number;
  /** Milliseconds after which the schedule begins anew; absent: it does not. */
  readonly everyMs?: number;
  /** Begins with the transaction. */
  readonly relative: boolean;
  readonly startsAt?: number;
  readonly durationSeconds?: number;
  readonly validFrom?: number;
  readonly validTo?: number;
  readonly unit: RateUnit;
  readonly periods: readonly LimitPeriod[];
}

interface Installed extends Profile {
  readonly evse: number;
  readonly at: number;
}

export interface Criteria {
  readonly id?: number;
  readonly evse?: number;
  readonly purpose?: ProfilePurpose;
  readonly stackLevel?: number;
}

export interface Composite {
  readonly unit: RateUnit;
  readonly periods: readonly LimitPeriod[];
}

/** What one EVSE can give: 32 A on three phases. */
const hardwareW = 22_080;
const voltsPerPhase = 230;
const phases = 3;

/** A limit and for how long it lasts; without a limit the profile says nothing until then. */
interface Moment {
  readonly limitW?: number;
  readonly until: number;
}

/** The charging profiles that a station keeps. */
export class InstalledProfiles {
  private list: Installed[] = [];

  constructor(private readonly parts: { readonly clock: Clock; readonly evses: ReadonlyMap<number, Evse> }) {}

  get count(): number {
    return this.list.length;
  }

  /** Whether the station keeps it: instead of one of the same id, or of the same purpose and level on that EVSE. */
  install(evse: number, profile: Profile, transactionId?: string | number): boolean {
    if (!this.fits(evse, profile, transactionId)) return false;
    this.list = this.list.filter(
      (other) => other.id !== profile.id && !(other.evse === evse && other.purpose === profile.purpose && other.stackLevel === profile.stackLevel),
    );
    this.list.push({ ...profile, evse, at: this.parts.clock.now() });
    return true;
  }

  /** Whether there was one that fits all that is given; an id alone decides. */
  clear({ id, evse, purpose, stackLevel }: Criteria): boolean {
    const meant = (profile: Installed) =>
      id !== undefined
        ? profile.id === id
        : (evse === undefined || profile.evse === evse) &&
          (purpose === undefined || profile.purpose === purpose) &&
          (stackLevel === undefined || profile.stackLevel === stackLevel);
    const before = this.list.length;
    this.list = this.list.filter((profile) => !meant(profile));
    return this.list.length < before;
  }

  /** A transaction's own profiles end with it. */
  chargeEnded(evse: number): void {
    this.list = this.list.filter((profile) => profile.purpose !== 'Tx' || profile.evse !== evse);
  }

  /** What results from all profiles, from now on; EVSE 0 is what the station as a whole takes. Undefined for an EVSE that is not there. */
  composite(evse: number, seconds: number, unit: RateUnit = 'W'): Composite | undefined {
    if (evse !== 0 && !this.parts.evses.has(evse)) return undefined;
    const now = this.parts.clock.now();
    const end = now + seconds * 1000;
    const periods: LimitPeriod[] = [];
    for (let at = now; at < end; ) {
      const { limitW, until } = this.limitAt(evse, at);
      const limit = inUnit(limitW, unit);
      if (periods.at(-1)?.limit !== limit) periods.push({ startPeriod: Math.round((at - now) / 1000), limit });
      at = Math.max(until, at + 1000);
    }
    return { unit, periods };
  }

  private fits(id: number, { purpose }: Profile, transactionId: string | number | undefined): boolean {
    const evse = this.parts.evses.get(id);
    if (id !== 0 && !evse) return false;
    if (purpose === 'StationMax') return id === 0;
    if (purpose === 'TxDefault') return true;
    return evse?.charge !== undefined && (transactionId === undefined || evse.charge.transactionId === transactionId);
  }

  private limitAt(evse: number, at: number): { readonly limitW: number; readonly until: number } {
    const wholeStation = this.ruling('StationMax', 0, at);
    const hardware = evse === 0 ? hardwareW * this.parts.evses.size : hardwareW;
    if (evse === 0) return { limitW: Math.min(hardware, wholeStation.limitW ?? Infinity), until: wholeStation.until };
    const own = this.ruling('Tx', evse, at);
    const byDefault = this.ruling('TxDefault', evse, at);
    const limitW = Math.min(hardware, wholeStation.limitW ?? Infinity, own.limitW ?? byDefault.limitW ?? Infinity);
    return { limitW, until: Math.min(wholeStation.until, own.until, byDefault.until) };
  }

  /** The profile of the highest level that says something then; a default of the EVSE goes before one of the station. */
  private ruling(purpose: ProfilePurpose, evse: number, at: number): Moment {
    const candidates = this.list
      .filter((profile) => profile.purpose === purpose && (profile.evse === evse || profile.evse === 0))
      .sort((a, b) => b.evse - a.evse || b.stackLevel - a.stackLevel);
    let until = Infinity;
    for (const profile of candidates) {
      const moment = momentOf(profile, at, this.beginOf(profile, evse, at));
      until = Math.min(until, moment.until);
      if (moment.limitW !== undefined) return { limitW: moment.limitW, until };
    }
    return { until };
  }

  private beginOf(profile: Installed, evse: number, at: number): number {
    if (profile.relative) return this.parts.evses.get(evse)?.charge?.began.at ?? at;
    const begin = profile.startsAt ?? profile.at;
    return profile.everyMs && at >= begin ? begin + Math.floor((at - begin) / profile.everyMs) * profile.everyMs : begin;
  }
}

function momentOf({ validFrom, validTo = Infinity, everyMs, durationSeconds, unit, periods }: Profile, at: number, begin: number): Moment {
  if (validFrom !== undefined && at < validFrom) return { until: validFrom };
  if (at >= validTo) return { until: Infinity };
  if (at < begin) return { until: Math.min(begin, validTo) };
  const again = everyMs === undefined ? Infinity : begin + everyMs;
  const over = Math.min(again, durationSeconds === undefined ? Infinity : begin + durationSeconds * 1000);
  if (at >= over) return { until: Math.min(again, validTo) };
  const now = periods.findLast(({ startPeriod }) => begin + startPeriod * 1000 <= at);
  const next = periods.find(({ startPeriod }) => begin + startPeriod * 1000 > at);
  const until = Math.min(over, validTo, next ? begin + next.startPeriod * 1000 : Infinity);
  return now ? { limitW: inWatts(now, unit), until } : { until };
}

function inWatts({ limit, numberPhases = phases }: LimitPeriod, unit: RateUnit): number {
  return unit === 'W' ? limit : limit * voltsPerPhase * numberPhases;
}

/** With the one decimal that the protocol has. */
function inUnit(watts: number, unit: RateUnit): number {
  return Math.round((unit === 'W' ? watts : watts / (voltsPerPhase * phases)) * 10) / 10;
}
