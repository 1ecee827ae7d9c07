import { describe, expect, test } from '@jest/globals';
import { sampledValue, type Sample, type SampledValue } from '@ohmnibus/domain';
import { samplesText } from './samples-text.js';

const at = new Date('2026-03-01T12:00:00.250Z');

const values: readonly SampledValue[] = [
  { value: 10_000_123 },
  { value: 0 },
  { value: -0 },
  { value: 1e21 },
  { value: 0.1 + 0.2 },
  { raw: 'AA"==\n\u2028' },
  { value: 1, raw: '' },
  {},
  { value: 16.02, measurand: 'Current.Import', unit: 'A', phase: 'L1' },
  { value: 7, measurand: 'Power.Active.Import', unit: 'W', phase: 'L1-N', location: 'Inlet', context: 'Trigger' },
  { value: 7, measurand: 'a "word" of their own \\ \u0000', unit: '°C', phase: '相', location: '', context: '\ud83d\udd0b' },
];

describe('the text of samples', () => {
  test.each<[string, readonly Sample[]]>([
    ['none', []],
    ['one without values', [{ at, values: [] }]],
    ['one', [{ at, values: values.slice(0, 1) }]],
    ['many', [{ at, values }, { at: new Date(0), values: values.toReversed() }]],
    ['as translations make them', [{ at, values: values.map((value) => sampledValue(value)) }]],
  ])('is the JSON of them: %s', (_name, samples) => {
    expect(samplesText(samples)).toBe(JSON.stringify(samples));
  });

  test('is the JSON of more words than are remembered', () => {
    const many = Array.from({ length: 1_200 }, (_, i) => ({ value: i, measurand: `M${i}`, unit: `U${i % 7}` }));
    for (let i = 0; i < 2; i++) expect(samplesText([{ at, values: many }])).toBe(JSON.stringify([{ at, values: many }]));
  });
});
