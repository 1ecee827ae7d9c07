import { expect, test } from '@jest/globals';
import { implausibleClock } from './implausible-clock.js';

test.each<[string, string, boolean]>([
  ['a moment ago', '2026-03-01T11:59:59Z', false],
  ['a clock that is some zones ahead', '2026-03-02T02:00:00Z', false],
  ['a report from months without a connection', '2025-04-01T00:00:00Z', false],
  ['the day after tomorrow', '2026-03-03T00:00:00Z', true],
  ['two years ago', '2024-03-01T12:00:00Z', true],
  ['the beginning of the Unix clock', '1970-01-01T00:00:07Z', true],
  ['the end of the NTP era', '2036-02-07T06:28:16Z', true],
])('%s (%s): implausible is %p', (_name, at, implausible) => {
  expect(implausibleClock(new Date(at), new Date('2026-03-01T12:00:00Z'))).toBe(implausible);
});
