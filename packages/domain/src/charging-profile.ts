/** What a profile is for, in the words of OCPP 2: a limit of the whole station, of every transaction, or of one. */
export const chargingProfilePurposes = ['ChargingStationMaxProfile', 'TxDefaultProfile', 'TxProfile'] as const;
export type ChargingProfilePurpose = (typeof chargingProfilePurposes)[number];

/** When a schedule begins: at a time, again and again from a time on, or with the transaction. */
export const chargingProfileKinds = ['Absolute', 'Recurring', 'Relative'] as const;
export type ChargingProfileKind = (typeof chargingProfileKinds)[number];

export const recurrencies = ['Daily', 'Weekly'] as const;
export type Recurrency = (typeof recurrencies)[number];

export const chargingRateUnits = ['A', 'W'] as const;
export type ChargingRateUnit = (typeof chargingRateUnits)[number];

export interface ChargingPeriod {
  /** Seconds since the schedule began; the period lasts until the next one or the schedule's end. */
  readonly startPeriod: number;
  /** In the schedule's unit, with at most one decimal; amperes are per phase. */
  readonly limit: number;
  /** Left out: 3. */
  readonly numberPhases?: number;
  /** Which phase, where one is used. */
  readonly phaseToUse?: number;
}

export interface ChargingSchedule {
  readonly startSchedule?: Date;
  /** Seconds; left out: the last period goes on for ever, or until the transaction ends. */
  readonly duration?: number;
  readonly unit: ChargingRateUnit;
  /** Below this rate charging is of no use to the car; in the schedule's unit, with at most one decimal. */
  readonly minRate?: number;
  /** In the order of their starts, the first at 0. */
  readonly periods: readonly ChargingPeriod[];
}

/** Limits over time, for a station to keep. The version-neutral shape is that of OCPP 2; 1.6 has one schedule and no phase to choose. */
export interface ChargingProfile {
  /** On the wire as well: a station replaces a profile by one of the same id. */
  readonly id: number;
  readonly purpose: ChargingProfilePurpose;
  readonly kind: ChargingProfileKind;
  readonly recurrency?: Recurrency;
  /** Of two profiles of one purpose the one of the higher level rules. */
  readonly stackLevel: number;
  readonly validFrom?: Date;
  readonly validTo?: Date;
  /** More than one lets the car choose (ISO 15118), which only OCPP 2 knows. */
  readonly schedules: readonly ChargingSchedule[];
}

/** One thing that is wrong with a profile. */
export interface ProfileProblem {
  /** Names and positions from the outside in. */
  readonly path: readonly (string | number)[];
  readonly message: string;
}

const recurrencySeconds: Record<Recurrency, number> = { Daily: 86_400, Weekly: 604_800 };

/** What no station could make sense of, as far as the types do not say it already. Empty for a profile that can be sent. */
export function chargingProfileProblems(profile: Omit<ChargingProfile, 'id'>): ProfileProblem[] {
  const { purpose, kind, recurrency, validFrom, validTo, schedules } = profile;
  const problems: ProfileProblem[] = [];
  const complain = (message: string, ...path: (string | number)[]) => problems.push({ path, message });

  // K01.FR.38: a limit of the station has no transaction that it could begin with.
  if (purpose === 'ChargingStationMaxProfile' && kind === 'Relative') complain('a ChargingStationMaxProfile cannot be Relative: it belongs to no transaction', 'kind');
  if (kind === 'Recurring' && recurrency === undefined) complain('a Recurring profile says how often it recurs', 'recurrency');
  if (kind !== 'Recurring' && recurrency !== undefined) complain(`a profile that is ${kind} does not recur`, 'recurrency');
  if (validFrom && validTo && validFrom >= validTo) complain('the end lies before the beginning', 'validTo');
  if (schedules.length === 0 || schedules.length > 3) complain('a profile has one schedule, or up to three for the car to choose from', 'schedules');
  if (schedules.length > 1 && purpose !== 'TxProfile') complain('only a TxProfile lets the car choose between schedules', 'schedules');

  for (const [i, { startSchedule, duration, minRate, periods }] of schedules.entries()) {
    // K01.FR.40, K01.FR.41.
    if (kind === 'Relative' && startSchedule) complain('a Relative schedule begins with the transaction', 'schedules', i, 'startSchedule');
    if (kind !== 'Relative' && !startSchedule) complain(`a schedule that is ${kind} says when it begins`, 'schedules', i, 'startSchedule');
    if (recurrency !== undefined && duration !== undefined && duration > recurrencySeconds[recurrency]) {
      complain(`a ${recurrency} schedule lasts ${recurrencySeconds[recurrency]} seconds at most`, 'schedules', i, 'duration');
    }
    if (minRate !== undefined && !hasOneDecimal(minRate)) complain('a rate has at most one decimal', 'schedules', i, 'minRate');
    problems.push(...periodProblems(periods, duration).map(({ path, message }) => ({ path: ['schedules', i, 'periods', ...path], message })));
  }
  return problems;
}

function periodProblems(periods: readonly ChargingPeriod[], duration: number | undefined): ProfileProblem[] {
  const problems: ProfileProblem[] = [];
  if (periods.length === 0 || periods.length > 1024) problems.push({ path: [], message: 'a schedule has 1 to 1024 periods' });
  for (const [i, { startPeriod, limit, numberPhases, phaseToUse }] of periods.entries()) {
    const before = periods[i - 1];
    if (before === undefined && startPeriod !== 0) problems.push({ path: [i, 'startPeriod'], message: 'the first period starts at 0' });
    if (before !== undefined && startPeriod <= before.startPeriod) problems.push({ path: [i, 'startPeriod'], message: 'periods are in the order of their starts' });
    if (duration !== undefined && startPeriod >= duration) problems.push({ path: [i, 'startPeriod'], message: 'the period starts after the end of the schedule' });
    if (limit < 0 || !hasOneDecimal(limit)) problems.push({ path: [i, 'limit'], message: 'a limit is not negative and has at most one decimal' });
    if (phaseToUse !== undefined && numberPhases !== 1) problems.push({ path: [i, 'phaseToUse'], message: 'a phase is chosen only where numberPhases is 1' });
  }
  return problems;
}

function hasOneDecimal(value: number): boolean {
  return Math.abs(value * 10 - Math.round(value * 10)) < 1e-6;
}

/** Which installed profiles are meant: those that fit all that is given. Nothing given: all of them. */
export interface ChargingProfileCriteria {
  readonly id?: number;
  /** 0: the station as a whole. */
  readonly evse?: number;
  readonly purpose?: ChargingProfilePurpose;
  readonly stackLevel?: number;
}

/** What a station works out from all its profiles for an EVSE. */
export interface CompositeSchedule {
  readonly evse: number;
  readonly startsAt?: Date;
  /** Seconds. */
  readonly duration?: number;
  readonly unit: ChargingRateUnit;
  readonly minRate?: number;
  readonly periods: readonly ChargingPeriod[];
}
