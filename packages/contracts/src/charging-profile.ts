import {
  chargingProfileKinds,
  chargingProfileProblems,
  chargingProfilePurposes,
  chargingRateUnits,
  recurrencies,
  type ChargingProfile,
} from '@ohmnibus/domain';
import { z } from 'zod';
import { commandAnswer, commandFields, orderFields } from './command.js';
import { question } from './contract.js';

const time = z.iso.datetime({ offset: true });
const seconds = z.int().min(0).max(0x7fff_ffff);
const rate = z.number().min(0).max(1e9);

export const chargingPeriod = z.strictObject({
  startPeriod: seconds.meta({ description: 'Seconds since the schedule began; periods are in the order of their starts, the first at 0' }),
  limit: rate.meta({ description: 'In the schedule\'s unit, with at most one decimal; amperes are per phase' }),
  numberPhases: z.int().min(1).max(3).optional().meta({ description: 'Left out: 3' }),
  phaseToUse: z.int().min(1).max(3).optional().meta({ description: 'Only where numberPhases is 1; OCPP 1.6 cannot say it' }),
});

const schedule = z.strictObject({
  startSchedule: time.optional().meta({ description: 'RFC 3339; of every schedule that is not Relative' }),
  duration: seconds.min(1).optional().meta({ description: 'Seconds; left out: the last period goes on' }),
  unit: z.enum(chargingRateUnits),
  minRate: rate.optional().meta({ description: 'Below this rate charging is of no use to the car' }),
  periods: z.array(chargingPeriod).min(1).max(1024),
});

/** A profile as JSON, without the id that the catalogue gives it. */
export const chargingProfileShape = {
  purpose: z.enum(chargingProfilePurposes),
  kind: z.enum(chargingProfileKinds),
  recurrency: z.enum(recurrencies).optional(),
  stackLevel: z.int().min(0).max(1_000_000).default(0).meta({ description: 'Of two profiles of one purpose the one of the higher level rules' }),
  validFrom: time.optional(),
  validTo: time.optional(),
  schedules: z.array(schedule).min(1).max(3).meta({ description: 'More than one lets the car choose, which only OCPP 2 knows' }),
};
const shape = z.object(chargingProfileShape);
export type ChargingProfileJson = z.infer<typeof shape>;

/** The profile that JSON of that shape stands for. */
export function readChargingProfile(id: number, { validFrom, validTo, schedules, ...rest }: ChargingProfileJson): ChargingProfile {
  return {
    id,
    ...rest,
    validFrom: dateOf(validFrom),
    validTo: dateOf(validTo),
    schedules: schedules.map(({ startSchedule, ...more }) => ({ ...more, startSchedule: dateOf(startSchedule) })),
  };
}

function dateOf(text: string | undefined): Date | undefined {
  return text === undefined ? undefined : new Date(text);
}

/** For schemas with the fields of a profile: tells what no station could make sense of. */
export function refuseProfileProblems(profile: ChargingProfileJson, context: z.RefinementCtx): void {
  for (const { path, message } of chargingProfileProblems(readChargingProfile(0, profile))) context.addIssue({ code: 'custom', path: [...path], message });
}

const profileId = z.int().positive().max(0x7fff_ffff);
const description = z.string().max(500).nullable().default(null);
const body = z.object({ tenant: z.string(), description, profile: shape.superRefine(refuseProfileProblems) });

/** The fields of commands about charging profiles, for whoever offers them in another place. */
export const chargingProfileFields = {
  description,
  profile: profileId,
  /** 0: the station as a whole. */
  evse: z.int().min(0).max(0x7fff_ffff),
  transaction: commandFields.transaction,
  criteria: {
    profile: profileId.optional(),
    evse: z.int().min(0).max(0x7fff_ffff).optional(),
    purpose: z.enum(chargingProfilePurposes).optional(),
    stackLevel: z.int().min(0).max(1_000_000).optional(),
  },
  duration: z.int().min(1).max(0x7fff_ffff),
  unit: z.enum(chargingRateUnits).optional(),
};
const { evse, transaction, criteria, duration, unit } = chargingProfileFields;

export const createChargingProfile = question({
  subject: 'command.charging-profile.create',
  question: body,
  answer: z.object({ id: profileId }),
  timeoutMs: 5_000,
});

/** Stations that have the profile keep what they were sent. */
export const replaceChargingProfile = question({
  subject: 'command.charging-profile.replace',
  question: body.extend({ id: profileId }),
  answer: z.object({ replaced: z.boolean() }),
  timeoutMs: 5_000,
});

export const deleteChargingProfile = question({
  subject: 'command.charging-profile.delete',
  question: z.object({ tenant: z.string(), id: profileId }),
  answer: z.object({ deleted: z.boolean() }),
  timeoutMs: 5_000,
});

/**
 * Has a station keep a profile of the catalogue on an EVSE; left out it is 0, the station as a whole. A TxProfile goes to a transaction: the
 * one named, or the one that is open on the EVSE named.
 */
export const setChargingProfileCommand = question({
  subject: 'csms.command.set-charging-profile',
  question: z.object({ ...orderFields, profile: profileId, evse: evse.optional(), transaction: transaction.optional() }),
  answer: commandAnswer,
  timeoutMs: 630_000,
});
export type SetChargingProfileCommand = z.infer<typeof setChargingProfileCommand.question>;

/** Has a station forget the profiles that fit all that is given; with nothing given, all of them. */
export const clearChargingProfileCommand = question({
  subject: 'csms.command.clear-charging-profile',
  question: z.object({ ...orderFields, ...criteria }),
  answer: commandAnswer,
  timeoutMs: 630_000,
});
export type ClearChargingProfileCommand = z.infer<typeof clearChargingProfileCommand.question>;

export const compositeSchedule = z.object({
  evse: z.int(),
  startsAt: time.nullable(),
  duration: z.int().nullable().meta({ description: 'Seconds' }),
  unit: z.enum(chargingRateUnits),
  minRate: z.number().nullable(),
  periods: z.array(chargingPeriod),
});

/** Asks which limits result from all profiles of a station, from now on for so many seconds. */
export const compositeScheduleCommand = question({
  subject: 'csms.command.composite-schedule',
  question: z.object({ ...orderFields, evse, duration, unit }),
  /** In no version's words; null if the station told none. */
  answer: commandAnswer.extend({ schedule: compositeSchedule.nullable() }),
  timeoutMs: 630_000,
});
export type CompositeScheduleCommand = z.infer<typeof compositeScheduleCommand.question>;
export type CompositeScheduleAnswer = z.infer<typeof compositeScheduleCommand.answer>;
