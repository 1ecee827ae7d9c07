import {
  Fault,
  type ChargingPeriod,
  type ChargingProfile,
  type ChargingProfileCriteria,
  type ChargingProfilePurpose,
  type ChargingSchedule,
} from '@ohmnibus/domain';
import { readTime, writeTime } from '../validation.js';
import type { Request } from './dialect.js';

type WireProfile = Request<'SetChargingProfile'>['csChargingProfiles'];
type WireSchedule = WireProfile['chargingSchedule'];
type WirePurpose = WireProfile['chargingProfilePurpose'];

/** The 1.6 form of a profile. Throws `bad-value` for what 1.6 has no words for: leaving it out would be another profile. */
export function writeProfile(profile: ChargingProfile, transactionId?: number): WireProfile {
  const [schedule, second] = profile.schedules;
  if (!schedule || second) throw new Fault('bad-value', 'a station of OCPP 1.6 takes profiles of exactly one schedule', { path: 'schedules' });
  return {
    chargingProfileId: profile.id,
    transactionId,
    stackLevel: profile.stackLevel,
    chargingProfilePurpose: writePurpose(profile.purpose),
    chargingProfileKind: profile.kind,
    recurrencyKind: profile.recurrency,
    validFrom: profile.validFrom && writeTime(profile.validFrom),
    validTo: profile.validTo && writeTime(profile.validTo),
    chargingSchedule: {
      duration: schedule.duration,
      startSchedule: schedule.startSchedule && writeTime(schedule.startSchedule),
      chargingRateUnit: schedule.unit,
      chargingSchedulePeriod: schedule.periods.map(writePeriod),
      minChargingRate: schedule.minRate,
    },
  };
}

export function readProfile(profile: WireProfile): ChargingProfile {
  return {
    id: profile.chargingProfileId,
    purpose: readPurpose(profile.chargingProfilePurpose),
    kind: profile.chargingProfileKind,
    recurrency: profile.recurrencyKind,
    stackLevel: profile.stackLevel,
    validFrom: profile.validFrom === undefined ? undefined : readTime(profile.validFrom),
    validTo: profile.validTo === undefined ? undefined : readTime(profile.validTo),
    schedules: [readSchedule(profile.chargingSchedule)],
  };
}

export function readSchedule({ startSchedule, duration, chargingRateUnit, minChargingRate, chargingSchedulePeriod }: WireSchedule): ChargingSchedule {
  return {
    startSchedule: startSchedule === undefined ? undefined : readTime(startSchedule),
    duration,
    unit: chargingRateUnit,
    minRate: minChargingRate,
    periods: chargingSchedulePeriod.map(({ startPeriod, limit, numberPhases }) => ({ startPeriod, limit, numberPhases })),
  };
}

export function writeCriteria({ id, evse, purpose, stackLevel }: ChargingProfileCriteria): Request<'ClearChargingProfile'> {
  return { id, connectorId: evse, chargingProfilePurpose: purpose && writePurpose(purpose), stackLevel };
}

export function readCriteria({ id, connectorId, chargingProfilePurpose, stackLevel }: Request<'ClearChargingProfile'>): ChargingProfileCriteria {
  return { id, evse: connectorId, purpose: chargingProfilePurpose && readPurpose(chargingProfilePurpose), stackLevel };
}

function writePeriod({ startPeriod, limit, numberPhases, phaseToUse }: ChargingPeriod): WireSchedule['chargingSchedulePeriod'][number] {
  if (phaseToUse !== undefined) throw new Fault('bad-value', 'a station of OCPP 1.6 cannot be told which phase to use', { path: 'phaseToUse' });
  return { startPeriod, limit, numberPhases };
}

function writePurpose(purpose: ChargingProfilePurpose): WirePurpose {
  return purpose === 'ChargingStationMaxProfile' ? 'ChargePointMaxProfile' : purpose;
}

function readPurpose(purpose: WirePurpose): ChargingProfilePurpose {
  return purpose === 'ChargePointMaxProfile' ? 'ChargingStationMaxProfile' : purpose;
}
