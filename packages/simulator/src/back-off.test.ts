import { expect, test } from '@jest/globals';
import { backOffMs } from './back-off.js';
import { seededRandom } from './random.js';

const backOff = { minMs: 1_000, maxMs: 8_000 };

test('waits double up to the limit', () => {
  const waits = [0, 1, 2, 3, 4, 1_000].map((attempts) => backOffMs(backOff, attempts, () => 1));
  expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 8_000, 8_000]);
});

test('half of a wait is chance', () => {
  const random = seededRandom(7);
  const waits = Array.from({ length: 200 }, () => backOffMs(backOff, 2, random));
  expect(Math.min(...waits)).toBeGreaterThanOrEqual(2_000);
  expect(Math.max(...waits)).toBeLessThan(4_000);
  expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(1_500);
});

test('the same seed gives the same chance', () => {
  const [a, b, c] = [seededRandom(1), seededRandom(1), seededRandom(2)];
  const first = Array.from({ length: 5 }, a);
  expect(Array.from({ length: 5 }, b)).toEqual(first);
  expect(Array.from({ length: 5 }, c)).not.toEqual(first);
});
