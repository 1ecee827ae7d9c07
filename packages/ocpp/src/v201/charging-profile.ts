import type { ChargingProfile, ChargingProfilePurpose } from '@ohmnibus/domain';
import { readTime, writeTime } from '../validation.js';
import type { Request } from './dialect.js';

type WireProfile = NonNullable<Request<'RequestStartTransaction'>['chargingProfile']>;

/** The 2.0.1 form of a profile. */
export function writeProfile(profile: ChargingProfile, transactionId?: string): WireProfile {
  return {
    id: profile.id,
    transactionId,
    stackLevel: profile.stackLevel,
    chargingProfilePurpose: profile.purpose,
    chargingProfileKind: profile.kind,
    recurrencyKind: profile.recurrency,
    validFrom: profile.validFrom && writeTime(profile.validFrom),
    validTo: profile.validTo && writeTime(profile.validTo),
    chargingSchedule: profile.schedules.map(({ startSchedule, duration, unit, minRate, periods }, i) => ({
      id: i + 1,
      startSchedule: startSchedule && writeTime(startSchedule),
      duration,
      chargingRateUnit: unit,
      minChargingRate: minRate,
      chargingSchedulePeriod: [...periods],
    })),
  };
}

/** Of a profile that went out in a request of ours: purposes that only stations set do not occur. */
export function readProfile(profile: WireProfile): ChargingProfile {
  return {
    id: profile.id,
    purpose: profile.chargingProfilePurpose as ChargingProfilePurpose,
    kind: profile.chargingProfileKind,
    recurrency: profile.recurrencyKind,
    stackLevel: profile.stackLevel,
    validFrom: profile.validFrom === undefined ? undefined : readTime(profile.validFrom),
    validTo: profile.validTo === undefined ? undefined : readTime(profile.validTo),
    schedules: profile.chargingSchedule.map((schedule) => ({
      startSchedule: schedule.startSchedule === undefined ? undefined : readTime(schedule.startSchedule),
      duration: schedule.duration,
      unit: schedule.chargingRateUnit,
      minRate: schedule.minChargingRate,
      periods: schedule.chargingSchedulePeriod.map(({ startPeriod, limit, numberPhases, phaseToUse }) => ({ startPeriod, limit, numberPhases, phaseToUse })),
    })),
  };
}
