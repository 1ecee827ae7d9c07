import { expect, test } from '@jest/globals';
import { EnergyMeter } from './energy-meter.js';
import { seededRandom } from './random.js';
import { samplesOf } from './sampled-values.js';

const vehicle = { batteryWh: 50_000, startSoc: 0.3, maxPowerW: 11_000 };

test('the register of a connector lives on from charge to charge', () => {
  const meter = new EnergyMeter(seededRandom(1), 1);
  meter.begin(vehicle, 0);
  const first = meter.end(600_000).registerWh;
  expect(first).toBeGreaterThan(1_500);
  expect(meter.read(900_000)).toMatchObject({ registerWh: first, powerW: 0 });
  meter.begin(vehicle, 900_000);
  expect(meter.read(900_000).registerWh).toBe(first);
  expect(meter.end(1_500_000).registerWh).toBeGreaterThanOrEqual(2 * first);
});

test('the phases add up to the power', () => {
  const meter = new EnergyMeter(seededRandom(2), 1);
  meter.begin(vehicle, 0);
  const { powerW, currentA, voltageV } = meter.read(120_000);
  const sum = currentA.reduce((watts, ampere, phase) => watts + ampere * (voltageV[phase] ?? 0), 0);
  expect(powerW).toBe(11_000);
  expect(sum).toBeCloseTo(powerW, 6);
  for (const volts of voltageV) expect(Math.abs(volts - 230)).toBeLessThanOrEqual(1.5);
});

test('time can pass faster for the energy', () => {
  const real = new EnergyMeter(seededRandom(3), 1);
  const fast = new EnergyMeter(seededRandom(3), 60);
  real.begin(vehicle, 0);
  fast.begin(vehicle, 0);
  expect(fast.read(10_000).registerWh).toBe(real.read(600_000).registerWh);
});

test('a reading has ten samples during a charge, and no state of charge without a car', () => {
  const meter = new EnergyMeter(seededRandom(4), 1);
  expect(samplesOf(meter.read(0)).map(({ measurand }) => measurand)).not.toContain('SoC');
  meter.begin(vehicle, 0);
  const samples = samplesOf(meter.read(60_000));
  expect(samples.map(({ measurand, phase }) => (phase ? `${measurand} ${phase}` : measurand))).toEqual([
    'Energy.Active.Import.Register',
    'Power.Active.Import',
    'Current.Import L1',
    'Current.Import L2',
    'Current.Import L3',
    'Voltage L1-N',
    'Voltage L2-N',
    'Voltage L3-N',
    'SoC',
    'Temperature',
  ]);
});
