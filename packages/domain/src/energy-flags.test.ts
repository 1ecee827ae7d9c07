import { describe, expect, test } from '@jest/globals';
import { energyFlags } from './energy-flags.js';

const reading = (minute: number, wh: number) => ({ at: new Date(Date.UTC(2026, 0, 1, 10, minute)), wh });
const kw500 = 500_000;

describe('the energy of a charge', () => {
  test.each([
    ['an ordinary charge', [reading(0, 1_000), reading(30, 6_000), reading(60, 12_000)], []],
    ['a charge without readings', [], []],
    ['a fast charger at its limit', [reading(0, 0), reading(60, 500_000)], []],
    ['one reading alone', [reading(0, 5)], []],
    ['kWh that were meant to be Wh', [reading(0, 0), reading(60, 20_000_000)], ['energy-implausible']],
    ['a jump between two readings, of a charge that is plausible as a whole', [reading(0, 0), reading(1, 60_000), reading(60, 60_000)], ['energy-implausible']],
    ['readings of one moment that differ by what a late one explains', [reading(0, 0), reading(0, 900)], []],
    ['a register that falls on the way', [reading(0, 1_000), reading(30, 900), reading(60, 5_000)], ['energy-decreased']],
  ] as const)('of %s is flagged %#', (_what, readings, flags) => {
    expect(energyFlags({ readings }, kw500)).toEqual(flags);
  });

  test('is judged as a whole where the clock is not to be trusted', () => {
    const jumped = [reading(600, 1_000), reading(0, 3_000), reading(5, 4_000)];
    expect(energyFlags({ readings: jumped }, 11_000)).not.toEqual([]);
    expect(energyFlags({ readings: jumped, atMostMs: 3_600_000 }, 11_000)).toEqual([]);
    expect(energyFlags({ readings: jumped, atMostMs: 60_000 }, 11_000)).toEqual(['energy-implausible']);
    expect(energyFlags({ readings: jumped.toReversed(), atMostMs: 60_000 }, 11_000)).toEqual(['energy-decreased']);
  });

  test('that flowed since the charge before is a gap; a register that begins anew is none', () => {
    const readings = [reading(0, 5_000), reading(30, 6_000)];
    expect(energyFlags({ readings, before: 3_000 }, kw500)).toEqual(['meter-gap']);
    for (const before of [4_950, 5_000, 9_000]) expect([before, energyFlags({ readings, before }, kw500)]).toEqual([before, []]);
  });
});
