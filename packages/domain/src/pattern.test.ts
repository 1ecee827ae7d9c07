import { expect, test } from '@jest/globals';
import { fitsMake, fitsPattern } from './pattern.js';

test.each([
  ['anything', undefined, true],
  [undefined, null, true],
  [undefined, '*', true],
  [undefined, 'V*', false],
  ['Volt', 'Volt', true],
  ['Volt', 'vOLT', true],
  ['Volt', 'Vol', false],
  ['Volt', 'Vol*', true],
  ['Volt', '*lt', true],
  ['Volt', '*o*', true],
  ['Volt', 'V*l*t', true],
  ['Volt', 'V*t*l', false],
  ['aa', 'a*a', true],
  ['a', 'a*a', false],
  ['aXbXc', 'a*b*c', true],
  ['1.2.3', '1.2.*', true],
  ['1x2.3', '1.2.*', false],
  ['50%', '50%', true],
  ['5000', '50%', false],
  ['a_b', 'a_b', true],
  ['axb', 'a_b', false],
  ['a\\b', 'a\\*', true],
  ['', '', true],
] as const)('%j fits %j: %j', (text, pattern, fits) => {
  expect(fitsPattern(text, pattern)).toBe(fits);
});

test('a make fits if each of its parts does', () => {
  const make = { vendor: 'Volt', model: 'One', firmware: '1.2.3' };
  expect(fitsMake(make, {})).toBe(true);
  expect(fitsMake(make, { vendor: 'volt', firmware: '1.*' })).toBe(true);
  expect(fitsMake(make, { vendor: 'volt', model: 'Two' })).toBe(false);
  expect(fitsMake({}, { vendor: 'volt' })).toBe(false);
});
