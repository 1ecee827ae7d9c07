import { beforeEach, describe, expect, test } from '@jest/globals';
import { LocalList, localListLimits, type LocalListLine } from './local-list.js';

const accepted = { status: 'Accepted' };
const lines = (...tokens: string[]): LocalListLine[] => tokens.map((token) => ({ token, verdict: accepted }));
const many = (count: number, from = 0) => lines(...Array.from({ length: count }, (_, n) => `T${from + n}`));

let now = 1_000;
let enabled = true;
let list: LocalList;
beforeEach(() => {
  now = 1_000;
  enabled = true;
  list = new LocalList(() => enabled, () => now);
});

const full = (version: number, ...tokens: string[]) => list.update({ full: true, version, lines: lines(...tokens) });
const change = (version: number, changes: readonly LocalListLine[]) => list.update({ full: false, version, lines: changes });

describe('a local list', () => {
  test('is replaced and changed, and tells its version', () => {
    expect(list.toldVersion).toBe(0);
    expect(full(7, 'A', 'B')).toBe('Accepted');
    expect(list.toldVersion).toBe(7);
    expect(change(8, [{ token: 'a' }, ...lines('C')])).toBe('Accepted');
    expect([list.find('A'), list.find('b'), list.find('c')]).toEqual([undefined, accepted, accepted]);
    expect(full(3, 'D')).toBe('Accepted');
    expect([list.toldVersion, list.find('B')]).toEqual([3, undefined]);
    expect(full(4)).toBe('Accepted');
    expect(list.toldVersion).toBe(0);
  });

  test('refuses a change that does not lead on from its version', () => {
    full(7, 'A');
    expect([change(7, lines('B')), change(6, lines('B')), list.find('B')]).toEqual(['VersionMismatch', 'VersionMismatch', undefined]);
  });

  test.each<[string, () => string]>([
    ['no version', () => full(0, 'B')],
    ['a token twice', () => full(8, 'B', 'b')],
    ['too many lines at once', () => list.update({ full: true, version: 8, lines: many(localListLimits.linesPerMessage + 1) })],
    ['a whole list with a line that says nothing', () => list.update({ full: true, version: 8, lines: [{ token: 'B' }] })],
  ])('fails at %s, and stays as it was', (_name, update) => {
    full(7, 'A');
    expect(update()).toBe('Failed');
    expect([list.toldVersion, list.find('A')]).toEqual([7, accepted]);
  });

  test('fails at more lines than it can keep', () => {
    const { lines: room, linesPerMessage } = localListLimits;
    for (let n = 0; n < room; n += linesPerMessage) expect(change(n + 1, many(linesPerMessage, n))).toBe('Accepted');
    expect(change(room + 1, lines('ONE-MORE'))).toBe('Failed');
  });

  test('lets a line expire', () => {
    list.update({ full: true, version: 1, lines: [{ token: 'A', verdict: { status: 'Accepted', expiresAt: 2_000, group: 'G' } }] });
    expect(list.find('A')).toMatchObject({ status: 'Accepted', group: 'G' });
    now = 2_000;
    expect(list.find('A')).toMatchObject({ status: 'Expired', group: 'G' });
  });

  test('that is switched off is none', () => {
    full(7, 'A');
    enabled = false;
    expect([list.toldVersion, list.find('A'), full(8, 'B')]).toEqual([-1, undefined, 'NotSupported']);
  });
});
