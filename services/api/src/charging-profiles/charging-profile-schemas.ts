import { chargingProfileFields, chargingProfileShape, compositeScheduleCommand, refuseProfileProblems } from '@ohmnibus/contracts';
import { chargingProfilePurposes } from '@ohmnibus/domain';
import { z } from 'zod';
import { orderOptions } from '../commands/command-schemas.js';
import { isoTime, pageSchema, paging } from '../http/page.js';

const { description, profile, evse, transaction, criteria, duration, unit } = chargingProfileFields;

export const putProfileBody = z
  .strictObject({ description: description.meta({ description: 'For people; stations are not told' }), ...chargingProfileShape })
  .superRefine(refuseProfileProblems)
  .meta({ id: 'PutChargingProfile' });
export type PutProfileBody = z.output<typeof putProfileBody>;

export const profileSchema = z
  .object({
    id: z.int().meta({ description: 'On the wire as it is' }),
    description: z.string().nullable(),
    ...chargingProfileShape,
    createdAt: isoTime,
    updatedAt: isoTime,
  })
  .meta({ id: 'ChargingProfile' });
export type ProfileView = z.infer<typeof profileSchema>;
export const profilePage = pageSchema('ChargingProfilePage', profileSchema);

export const profileFilters = z.strictObject({ purpose: z.enum(chargingProfilePurposes).optional(), ...paging });
export type ProfileFilters = z.output<typeof profileFilters>;

export const installedSchema = z
  .object({
    id: z.int().meta({ description: 'On the wire as it is; of the catalogue, unless a raw command chose it' }),
    evse: z.int().nullable().meta({ description: '0: the station as a whole; null: not known before the transaction begins' }),
    transaction: z.string().nullable().meta({ description: 'That a TxProfile ends with; null: it has not begun yet' }),
    ...chargingProfileShape,
    installedAt: isoTime,
    command: z.string().meta({ description: 'That installed it' }),
  })
  .meta({ id: 'InstalledChargingProfile' });
export type InstalledView = z.infer<typeof installedSchema>;
export const installedPage = pageSchema('InstalledChargingProfilePage', installedSchema);
export const installedQuery = z.strictObject(paging);
export type InstalledQuery = z.output<typeof installedQuery>;

export const setProfileBody = z
  .strictObject({
    profile: profile.meta({ description: 'Of the catalogue' }),
    evse: evse.optional().meta({ description: 'Left out: 0, the station as a whole, or the EVSE of the transaction' }),
    transaction: transaction.optional().meta({ description: 'For a TxProfile: our number, or the id that is on the wire; left out: the one that is open on the EVSE' }),
    ...orderOptions,
  })
  .meta({ id: 'SetChargingProfile' });
export type SetProfileBody = z.output<typeof setProfileBody>;

export const clearProfilesBody = z
  .strictObject({ ...criteria, evse: criteria.evse.meta({ description: '0: the station as a whole; left out: everywhere' }), ...orderOptions })
  .meta({ id: 'ClearChargingProfiles', description: 'Profiles are meant that fit all that is given; with nothing given, all of them' });
export type ClearProfilesBody = z.output<typeof clearProfilesBody>;

export const compositeScheduleBody = z
  .strictObject({
    evse: evse.default(0).meta({ description: '0: what the station as a whole takes from the grid' }),
    duration: duration.meta({ description: 'Seconds, from now on' }),
    unit,
    ...orderOptions,
  })
  .meta({ id: 'AskCompositeSchedule' });
export type CompositeScheduleBody = z.output<typeof compositeScheduleBody>;

export const compositeScheduleOutcome = compositeScheduleCommand.answer.meta({ id: 'CompositeScheduleOutcome' });
