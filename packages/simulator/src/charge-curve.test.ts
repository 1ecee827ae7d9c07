import { describe, expect, test } from '@jest/globals';
import { ChargeCurve } from './charge-curve.js';

const vehicle = { batteryWh: 20_000, startSoc: 0.5, maxPowerW: 10_000 };

function powerAfter(seconds: number): number {
  const curve = new ChargeCurve(vehicle);
  curve.advanceTo(seconds);
  return curve.powerW;
}

describe('a charge', () => {
  test('ramps up, stays constant, and tapers off', () => {
    expect(powerAfter(0)).toBe(0);
    expect(powerAfter(15)).toBeCloseTo(5_000);
    expect([60, 600, 1_800].map(powerAfter)).toEqual([10_000, 10_000, 10_000]);
    const [early, late] = [powerAfter(3_000), powerAfter(4_500)];
    expect(early).toBeLessThan(10_000);
    expect(late).toBeLessThan(early);
    expect(late).toBeGreaterThan(0);
  });

  test('ends with a full battery and no power', () => {
    const curve = new ChargeCurve(vehicle);
    curve.advanceTo(24 * 3600);
    expect(curve.isFull).toBe(true);
    expect(curve.powerW).toBe(0);
    // Half of 20 kWh, and the losses on the way.
    expect(curve.energyWh).toBeCloseTo(10_000 / 0.92, 0);
  });

  test('never gives energy back, whenever it is asked', () => {
    const curve = new ChargeCurve(vehicle);
    let before = 0;
    for (const seconds of [1, 5, 5, 4, 33, 700, 650, 4_000, 90_000]) {
      curve.advanceTo(seconds);
      expect(curve.energyWh).toBeGreaterThanOrEqual(before);
      before = curve.energyWh;
    }
    expect(before).toBeGreaterThan(0);
  });

  test('can be read at times that no sum of steps meets exactly', () => {
    const curve = new ChargeCurve(vehicle);
    for (let reading = 1; reading <= 1_000; reading += 1) curve.advanceTo(reading * 0.1 + reading / 3);
    expect(curve.energyWh).toBeGreaterThan(0);
  });

  test('takes the same energy however often it is read', () => {
    const often = new ChargeCurve(vehicle);
    for (let seconds = 0; seconds <= 3_600; seconds += 7) often.advanceTo(seconds);
    often.advanceTo(3_600);
    const once = new ChargeCurve(vehicle);
    once.advanceTo(3_600);
    expect(often.energyWh / once.energyWh).toBeCloseTo(1, 2);
  });
});
