import { describe, expect, test } from '@jest/globals';
import { readTime } from './validation.js';

describe('a time of a station', () => {
  test.each([
    ['2026-03-01T12:00:00Z', '2026-03-01T12:00:00.000Z'],
    ['2026-03-01t12:00:00.25+01:00', '2026-03-01T11:00:00.250Z'],
    ['2026-03-01 12:00:00', '2026-03-01T12:00:00.000Z'],
    ['2026-03-01T12:00:00+01', '2026-03-01T11:00:00.000Z'],
    ['2026-12-31T23:59:60Z', '2026-12-31T23:59:59.000Z'],
  ])('%s is read', (text, known) => {
    expect(readTime(text).toISOString()).toBe(known);
  });

  test.each([
    ['0000-06-01T00:00:00Z', '0001-01-01T00:00:00.000Z'],
    ['0001-01-01T00:00:00+01:00', '0001-01-01T00:00:00.000Z'],
    ['9999-12-31T23:59:59-01:00', '9999-12-31T23:59:59.999Z'],
  ])('%s, which no table reads again, is the nearest that one does', (text, known) => {
    expect(readTime(text).toISOString()).toBe(known);
  });
});
