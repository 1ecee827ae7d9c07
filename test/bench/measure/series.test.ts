import { expect, test } from '@jest/globals';
import { atLeast, atMost, rowResult } from '../rows/row-result.js';
import { Latencies } from './latencies.js';
import { seriesOf } from './series.js';

const row = { row: '1', what: 'a ratio', notation: 'ratio', gate: atMost(2), goal: atMost(1) } as const;

test('the median is the middle, or between the two in the middle', () => {
  expect(seriesOf([9, 1, 5])).toMatchObject({ median: 5, lowest: 1, highest: 9 });
  expect(seriesOf([4, 1, 2, 9]).median).toBe(3);
});

test('a row passes by its median alone, and says whether it reached its goal', () => {
  expect(rowResult(row, [0.5, 0.9, 7])).toMatchObject({ passed: true, reached: true });
  expect(rowResult(row, [1.5, 0.9, 7])).toMatchObject({ passed: true, reached: false });
  expect(rowResult(row, [0.1, 2.1, 7])).toMatchObject({ passed: false, reached: false });
  expect(rowResult({ ...row, gate: atLeast(2), goal: undefined }, [1.9])).toMatchObject({ passed: false, reached: false });
});

test('a round that failed enters no median, and without any round nothing passes', () => {
  expect(rowResult(row, [undefined, 1, undefined])).toMatchObject({ median: 1, failedRounds: 2, passed: true });
  expect(rowResult(row, [undefined])).toMatchObject({ failedRounds: 1, passed: false });
});

test('quantiles of latencies are right to a few percent', () => {
  const latencies = new Latencies();
  for (let i = 1; i <= 1_000; i++) latencies.add(i / 10);
  expect(latencies.quantile(0.5) / 50).toBeCloseTo(1, 1);
  expect(latencies.quantile(0.99) / 99).toBeCloseTo(1, 1);
  latencies.clear();
  expect(latencies.quantile(0.5)).toBe(0);
});
