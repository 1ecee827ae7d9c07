import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { expect, test } from '@jest/globals';
import { builtInQuirks } from './built-in-quirks.js';
import { leniencies, quirksOf, type QuirkProfile } from './quirks.js';

const page = readFileSync(fileURLToPath(new URL('../../../docs/quirks.md', import.meta.url)), 'utf8');
const profile = (name: string, more: Partial<QuirkProfile> = {}): QuirkProfile => ({ name, priority: 0, quirks: {}, ...more });

test('of several profiles that fit the one with the highest priority counts, the first by name among equals', () => {
  const profiles = [profile('b', { vendor: 'V*' }), profile('a', { vendor: 'V*' }), profile('c', { vendor: 'V*', model: 'One', priority: 1 }), profile('d', { vendor: 'Other', priority: 9 })];
  expect(quirksOf({ vendor: 'Volt', model: 'Two' }, profiles)?.name).toBe('a');
  expect(quirksOf({ vendor: 'Volt', model: 'One' }, profiles)?.name).toBe('c');
  expect(quirksOf({ vendor: 'Nobody' }, profiles)).toBeUndefined();
  expect(quirksOf({}, profiles)).toBeUndefined();
});

test('the page names every leniency', () => {
  for (const leniency of leniencies) expect(page).toContain(`| \`accepts: ${leniency}\` |`);
});

test.each(builtInQuirks)('the page tells of the built-in profile $name', ({ name, vendor, model, quirks }) => {
  const row = page.split('\n').find((line) => line.startsWith(`| \`${name}\` |`));
  for (const text of [vendor, model, ...(quirks.accepts ?? [])]) if (text !== undefined) expect(row).toContain(`\`${text}\``);
  // What changes a reading is for an operator to decide.
  expect(quirks).not.toHaveProperty('energyFactors');
});

test('the page names every quirk', () => {
  for (const quirk of ['energyFactors.Wh', '.kWh', 'energyFactors.register', 'registerRestarts', 'settleSeconds', 'pacingMs']) expect(page).toContain(`\`${quirk}\``);
});
