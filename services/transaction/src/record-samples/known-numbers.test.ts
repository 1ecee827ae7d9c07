import { expect, test } from '@jest/globals';
import { KnownNumbers } from './known-numbers.js';

const station = { tenant: 'acme', station: 'S' };

test('a number is known of the station that it was noted of, and of no other', () => {
  const known = new KnownNumbers();
  known.note(7, station);
  expect([known.has(7, { ...station }), known.has(8, station), known.has(7, { ...station, station: 'T' }), known.has(7, { ...station, tenant: 'other' })]).toEqual([true, false, false, false]);
});

test('what is asked for stays, and the rest is forgotten in time', () => {
  const known = new KnownNumbers();
  known.note(1, station);
  known.note(2, station);
  for (let number = 3; number < 200_000; number++) {
    known.note(number, station);
    known.has(1, station);
  }
  expect([known.has(1, station), known.has(2, station), known.has(199_999, station)]).toEqual([true, false, true]);
});
