import { describe, expect, test } from '@jest/globals';
import { inPlainUnit, registerSample, registerWh, sampledValue, type SampledValue } from './sample.js';

const at = new Date('2026-03-01T12:00:00Z');
const register = (...samples: SampledValue[][]) => registerWh(samples.map((values) => ({ at, values })));

describe('the energy register of some samples', () => {
  test.each<[string, SampledValue[][], number | undefined]>([
    ['is in the last sample that has one', [[{ value: 1 }], [{ value: 2 }], [{ value: 230, measurand: 'Voltage', unit: 'V' }]], 2],
    ['may stand anywhere in its sample', [[{ value: 16, measurand: 'Current.Import' }, { value: 3 }]], 3],
    ['may be named', [[{ value: 4, measurand: 'Energy.Active.Import.Register', location: 'Outlet' }]], 4],
    ['may be zero', [[{ value: 0 }]], 0],
    ["is the total, not a phase's", [[{ value: 1, phase: 'L1' }, { value: 3 }]], 3],
    ['is that of the outlet', [[{ value: 9, location: 'Inlet' }, { value: 3 }]], 3],
    ['is a number', [[{ value: 3 }], [{ raw: 'AA==' }]], 3],
    ['may be missing', [[{ value: 7360, measurand: 'Power.Active.Import', unit: 'W' }], []], undefined],
    ['is missing where there are no samples', [], undefined],
  ])('%s', (_name, samples, wh) => {
    expect(register(...samples)).toBe(wh);
  });

  test('is what the sample of a meter reading holds', () => {
    expect(registerWh([registerSample(at, 9500, 'Transaction.End')])).toBe(9500);
  });
});

describe('a value in its plain unit', () => {
  test.each<[number, string | undefined, number, number, string | undefined]>([
    [1.5, 'kWh', 0, 1500, 'Wh'],
    [1.005, 'kWh', 0, 1005, 'Wh'],
    [123456.789, 'kWh', 0, 123456789, 'Wh'],
    [-7.36, 'kW', 0, -7360, 'W'],
    [0.1, 'kvarh', 0, 100, 'varh'],
    [0.1, 'kVA', 0, 100, 'VA'],
    [0.1, 'kvar', 0, 100, 'var'],
    [0.1, 'Wh', 0, 0.1, 'Wh'],
    [1500, undefined, 0, 1500, undefined],
    [1.1, 'Wh', 3, 1100, 'Wh'],
    [15, 'kWh', -1, 1500, 'Wh'],
    [2301, 'V', -1, 230.1, 'V'],
    [5, 'A', -9, 5e-9, 'A'],
    [5, 'toString', 0, 5, 'toString'],
  ])('%p %s times ten to the power of %p is %p %s', (value, unit, exponent, plainValue, plainUnit) => {
    expect(inPlainUnit(value, unit, exponent)).toEqual({ value: plainValue, unit: plainUnit });
  });
});

describe('a value as it is kept', () => {
  test.each<[string, SampledValue, number, SampledValue]>([
    [
      'has nothing that the defaults say',
      { value: 1, unit: 'Wh', measurand: 'Energy.Active.Import.Register', location: 'Outlet', context: 'Sample.Periodic' },
      0,
      { value: 1 },
    ],
    [
      'has all that differs',
      { value: 1, unit: 'kW', measurand: 'Power.Offered', location: 'Inlet', context: 'Trigger', phase: 'N' },
      0,
      { value: 1000, unit: 'W', measurand: 'Power.Offered', location: 'Inlet', context: 'Trigger', phase: 'N' },
    ],
    ['is text with its own unit if it is no number', { raw: 'AA==', unit: 'kWh' }, 0, { raw: 'AA==', unit: 'kWh' }],
    ['is a number with the text beside', { value: 1, raw: 'AA==' }, 0, { value: 1, raw: 'AA==' }],
    ['is text if it grows beyond all numbers', { value: 1 }, 400, { raw: '1e400' }],
  ])('%s', (_name, reading, exponent, kept) => {
    expect(sampledValue(reading, exponent)).toStrictEqual(kept);
  });
});
