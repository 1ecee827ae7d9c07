import { expect, test } from '@jest/globals';
import { LatencyHistogram } from './latency-histogram.js';

test('percentiles are right to 15 %', () => {
  const histogram = new LatencyHistogram();
  for (let ms = 1; ms <= 1_000; ms += 1) histogram.add(ms);
  for (const [share, ms] of [[0.5, 500], [0.95, 950], [0.99, 990]] as const) {
    expect(histogram.percentile(share)).toBeGreaterThanOrEqual(ms);
    expect(histogram.percentile(share)).toBeLessThanOrEqual(ms * 1.15);
  }
});

test('nothing measured is zero, and extremes fit', () => {
  const histogram = new LatencyHistogram();
  expect(histogram.percentile(0.5)).toBe(0);
  histogram.add(0);
  expect(histogram.percentile(0.5)).toBeLessThanOrEqual(0.1);
  histogram.add(1e12);
  expect(histogram.percentile(1)).toBeGreaterThan(1_000_000);
});
