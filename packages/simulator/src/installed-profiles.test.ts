import { beforeEach, describe, expect, test } from '@jest/globals';
import { EnergyMeter } from './energy-meter.js';
import { Evse } from './evse.js';
import type { Charge } from './evse.js';
import { InstalledProfiles } from './installed-profiles.js';
import type { Profile } from './installed-profiles.js';
import { ManualClock } from './test-support/manual-clock.js';

let clock: ManualClock;
let evses: Map<number, Evse>;
let profiles: InstalledProfiles;

beforeEach(() => {
  clock = new ManualClock();
  evses = new Map([1, 2].map((id) => [id, new Evse(id, new EnergyMeter(() => 0.5, 1))]));
  profiles = new InstalledProfiles({ clock, evses });
});

let ids = 0;
const profile = (more: Partial<Profile> = {}): Profile => ({
  id: ++ids,
  purpose: 'TxDefault',
  stackLevel: 0,
  relative: false,
  startsAt: clock.now(),
  unit: 'W',
  periods: [{ startPeriod: 0, limit: 11_000 }],
  ...more,
});
const charge = (evse: number, transactionId = 7): void => {
  evses.get(evse)!.charge = { transactionId, began: { at: clock.now() } } as unknown as Charge;
};
const limits = (evse: number, seconds: number, unit?: 'A' | 'W') => profiles.composite(evse, seconds, unit)?.periods.map(({ startPeriod, limit }) => [startPeriod, limit]);

describe('a station keeps a profile', () => {
  test('where such a profile can be', () => {
    expect(profiles.install(0, profile({ purpose: 'StationMax' }))).toBe(true);
    expect(profiles.install(1, profile({ purpose: 'StationMax' }))).toBe(false);
    expect(profiles.install(0, profile())).toBe(true);
    expect(profiles.install(3, profile())).toBe(false);
    expect(profiles.install(1, profile({ purpose: 'Tx' }))).toBe(false);
    charge(1);
    expect(profiles.install(1, profile({ purpose: 'Tx' }), 8)).toBe(false);
    expect(profiles.install(1, profile({ purpose: 'Tx' }), 7)).toBe(true);
    expect(profiles.count).toBe(3);
  });

  test('in place of one of the same id, or of the same purpose and level on the EVSE', () => {
    profiles.install(1, profile({ id: 1 }));
    profiles.install(1, profile({ id: 2, stackLevel: 1 }));
    profiles.install(2, profile({ id: 3 }));
    expect(profiles.count).toBe(3);
    profiles.install(1, profile({ id: 3 }));
    expect(profiles.count).toBe(2);
  });

  test('until it is cleared, or its transaction ends', () => {
    profiles.install(1, profile({ id: 1 }));
    profiles.install(2, profile({ id: 2, stackLevel: 4 }));
    charge(2);
    profiles.install(2, profile({ id: 3, purpose: 'Tx' }));
    expect(profiles.clear({ id: 9 })).toBe(false);
    expect(profiles.clear({ id: 1 })).toBe(true);
    expect(profiles.clear({ evse: 2, purpose: 'TxDefault', stackLevel: 3 })).toBe(false);
    expect(profiles.clear({ evse: 2, purpose: 'TxDefault', stackLevel: 4 })).toBe(true);
    profiles.chargeEnded(1);
    expect(profiles.count).toBe(1);
    profiles.chargeEnded(2);
    expect(profiles.count).toBe(0);
  });
});

describe('the composite schedule', () => {
  test('is what the hardware gives where nothing limits it', () => {
    expect(limits(1, 600)).toEqual([[0, 22_080]]);
    expect(limits(0, 600)).toEqual([[0, 44_160]]);
    expect(limits(1, 600, 'A')).toEqual([[0, 32]]);
    expect(limits(3, 600)).toBeUndefined();
  });

  test('follows the periods, in the unit asked for, to the end of the schedule', () => {
    profiles.install(0, profile({ unit: 'A', durationSeconds: 120, periods: [{ startPeriod: 0, limit: 10 }, { startPeriod: 60, limit: 16, numberPhases: 1 }] }));
    expect(limits(1, 300)).toEqual([
      [0, 6_900],
      [60, 3_680],
      [120, 22_080],
    ]);
    expect(limits(2, 60, 'A')).toEqual([[0, 10]]);
  });

  test('takes a transaction\'s own profile before the default, the higher level before the lower, and never more than the station has', () => {
    profiles.install(0, profile({ purpose: 'StationMax', periods: [{ startPeriod: 0, limit: 9_000 }] }));
    profiles.install(1, profile({ stackLevel: 1, periods: [{ startPeriod: 0, limit: 5_000 }] }));
    profiles.install(1, profile({ stackLevel: 2, durationSeconds: 30, periods: [{ startPeriod: 0, limit: 6_000 }] }));
    expect(limits(1, 60)).toEqual([
      [0, 6_000],
      [30, 5_000],
    ]);
    charge(1);
    profiles.install(1, profile({ purpose: 'Tx', relative: true, periods: [{ startPeriod: 0, limit: 8_000 }, { startPeriod: 20, limit: 20_000 }] }));
    expect(limits(1, 60)).toEqual([
      [0, 8_000],
      [20, 9_000],
    ]);
  });

  test('repeats what recurs, and heeds when a profile is valid', () => {
    const day = 86_400_000;
    profiles.install(1, profile({ startsAt: clock.now() - 10 * day - 3_600_000, everyMs: day, durationSeconds: 7_200, periods: [{ startPeriod: 0, limit: 1_000 }] }));
    profiles.install(1, profile({ stackLevel: 1, validFrom: clock.now() + 60_000, validTo: clock.now() + 120_000, periods: [{ startPeriod: 0, limit: 2_000 }] }));
    expect(limits(1, 86_400)).toEqual([
      [0, 1_000],
      [60, 2_000],
      [120, 1_000],
      [3_600, 22_080],
      [82_800, 1_000],
    ]);
  });
});
