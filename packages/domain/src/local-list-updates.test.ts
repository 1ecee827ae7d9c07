import { expect, test } from '@jest/globals';
import { changedLocalList, maxLocalListVersion, type LocalListEntry } from './local-list.js';
import { localListUpdates, type BelievedLocalList } from './local-list-updates.js';

const list = (...tokens: string[]): LocalListEntry[] => tokens.map((token) => ({ token, authorization: { status: 'Accepted' } }));
const letters = (count: number) => list(...Array.from({ length: count }, (_, n) => `T${n}`));
const rules = { perMessage: 10, replace: false };

/** What is sent, in short: F or D, the version, how many lines. */
const sent = (believed: BelievedLocalList, wanted: LocalListEntry[], more: Partial<typeof rules> = {}) =>
  localListUpdates(believed, wanted, { ...rules, ...more }).map(({ update, version, changes }) => `${update === 'full' ? 'F' : 'D'}${version}:${changes.length}`);

test.each<[string, BelievedLocalList, LocalListEntry[], string[]]>([
  ['a list of which nothing is known is replaced', { version: undefined, entries: undefined }, letters(3), ['F1:3']],
  ['a list whose lines are not known is replaced by a newer one', { version: 7, entries: undefined }, letters(3), ['F8:3']],
  ['an empty list is filled', { version: 0, entries: [] }, letters(3), ['F1:3']],
  ['an empty list that is to be empty stays', { version: 0, entries: [] }, [], []],
  ['a station that said it keeps no list is given a first one', { version: -1, entries: undefined }, letters(3), ['F1:3']],
  ['a list that is as it should be stays', { version: 7, entries: letters(3) }, letters(3), []],
  ['a list that differs a little is changed', { version: 7, entries: letters(3) }, letters(4), ['D8:1']],
  ['a list that differs altogether is replaced', { version: 7, entries: letters(3) }, list('X'), ['F8:1']],
  ['a list that is to be empty is emptied', { version: 7, entries: letters(3) }, [], ['F8:0']],
  ['what is too long for one message follows as changes', { version: 7, entries: undefined }, letters(25), ['F8:10', 'D9:10', 'D10:5']],
  ['many changes take many messages', { version: 7, entries: letters(30) }, letters(55), ['D8:10', 'D9:10', 'D10:5']],
  ['at the end of all versions it begins anew', { version: maxLocalListVersion, entries: letters(3) }, letters(4), ['F1:4']],
])('%s', (_name, believed, wanted, messages) => {
  expect(sent(believed, wanted)).toEqual(messages);
});

test('a list is replaced for the asking', () => {
  expect(sent({ version: 7, entries: letters(3) }, letters(3), { replace: true })).toEqual(['F8:3']);
});

test('what is sent makes of the station\'s list what is wanted', () => {
  const [believed, wanted] = [letters(12), [...letters(20).slice(5), ...list('X', 'Y')]];
  const after = localListUpdates({ version: 3, entries: believed }, wanted, { perMessage: 4, replace: false }).reduce(
    (entries, { update, changes }) => changedLocalList(update === 'full' ? [] : entries, changes),
    believed,
  );
  expect(new Set(after.map(({ token }) => token))).toEqual(new Set(wanted.map(({ token }) => token)));
});
