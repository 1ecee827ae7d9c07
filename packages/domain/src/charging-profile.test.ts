import { describe, expect, test } from '@jest/globals';
import { chargingProfileProblems, type ChargingProfile, type ChargingSchedule } from './charging-profile.js';

const at = new Date('2026-03-01T00:00:00Z');
const schedule: ChargingSchedule = { unit: 'A', duration: 3600, periods: [{ startPeriod: 0, limit: 16.1 }, { startPeriod: 1800, limit: 0 }] };
const relative: Omit<ChargingProfile, 'id'> = { purpose: 'TxProfile', kind: 'Relative', stackLevel: 0, schedules: [schedule] };
const daily: typeof relative = { ...relative, purpose: 'TxDefaultProfile', kind: 'Recurring', recurrency: 'Daily', schedules: [{ ...schedule, startSchedule: at }] };
const max: typeof relative = { ...relative, purpose: 'ChargingStationMaxProfile', kind: 'Absolute', schedules: [{ ...schedule, startSchedule: at }] };
const periods = (...list: ChargingSchedule['periods'][number][]) => ({ ...relative, schedules: [{ ...schedule, periods: list }] });

const pathsOf = (profile: typeof relative) => chargingProfileProblems(profile).map(({ path }) => path.join('.'));

describe('a charging profile', () => {
  test.each([
    ['of a transaction', relative],
    ['of every transaction, every day', daily],
    ['of the station', max],
    ['on one phase, which it names', periods({ startPeriod: 0, limit: 10, numberPhases: 1, phaseToUse: 3 })],
    ['with schedules for the car to choose from', { ...relative, schedules: [schedule, schedule, schedule] }],
    ['within a period', { ...daily, validFrom: at, validTo: new Date(at.getTime() + 1) }],
  ])('%s has no problems', (_name, profile) => {
    expect(pathsOf(profile)).toEqual([]);
  });

  test.each<[string, typeof relative, string[]]>([
    ['a station\'s limit that is relative to a transaction', { ...max, kind: 'Relative', schedules: [schedule] }, ['kind']],
    ['a recurring one that does not say how often', { ...daily, recurrency: undefined }, ['recurrency']],
    ['an absolute one that recurs', { ...max, recurrency: 'Weekly' }, ['recurrency']],
    ['an end before the beginning', { ...daily, validFrom: at, validTo: at }, ['validTo']],
    ['no schedule', { ...relative, schedules: [] }, ['schedules']],
    ['four schedules', { ...relative, schedules: [schedule, schedule, schedule, schedule] }, ['schedules']],
    ['a choice of schedules for no certain car', { ...daily, schedules: [...daily.schedules, ...daily.schedules] }, ['schedules']],
    ['a relative schedule with a time', { ...relative, schedules: [{ ...schedule, startSchedule: at }] }, ['schedules.0.startSchedule']],
    ['an absolute schedule without one', { ...max, schedules: [schedule] }, ['schedules.0.startSchedule']],
    ['a day of more than a day', { ...daily, schedules: [{ ...schedule, startSchedule: at, duration: 86_401 }] }, ['schedules.0.duration']],
    ['a rate of two decimals', { ...relative, schedules: [{ ...schedule, minRate: 1.25 }] }, ['schedules.0.minRate']],
    ['no period', periods(), ['schedules.0.periods']],
    ['a late first period', periods({ startPeriod: 1, limit: 1 }), ['schedules.0.periods.0.startPeriod']],
    ['periods out of order', periods({ startPeriod: 0, limit: 1 }, { startPeriod: 9, limit: 1 }, { startPeriod: 9, limit: 1 }), ['schedules.0.periods.2.startPeriod']],
    ['a period after the end', periods({ startPeriod: 0, limit: 1 }, { startPeriod: 3600, limit: 1 }), ['schedules.0.periods.1.startPeriod']],
    ['limits that are negative or too fine', periods({ startPeriod: 0, limit: -1 }, { startPeriod: 1, limit: 1.05 }), ['schedules.0.periods.0.limit', 'schedules.0.periods.1.limit']],
    ['a phase to use of three', periods({ startPeriod: 0, limit: 1, phaseToUse: 1 }, { startPeriod: 1, limit: 1, numberPhases: 3, phaseToUse: 1 }), ['schedules.0.periods.0.phaseToUse', 'schedules.0.periods.1.phaseToUse']],
  ])('with %s is refused, with the place named', (_name, profile, paths) => {
    expect(pathsOf(profile)).toEqual(paths);
  });
});
