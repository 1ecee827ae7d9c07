import { describe, expect, test } from '@jest/globals';
import { changedLocalList, localListChanges, localListOf, type LocalListEntry } from './local-list.js';
import type { KnownToken, Token } from './token.js';

const now = new Date('2026-03-01T12:00:00Z');
const tomorrow = new Date('2026-03-02T12:00:00Z');
const known = (value: string, more: Partial<Token> = {}, group?: KnownToken['group']): KnownToken => ({ token: { value, status: 'Accepted', ...more }, ...(group && { group }) });
const entry = (token: string, authorization: Partial<LocalListEntry['authorization']> = {}): LocalListEntry => ({ token, authorization: { status: 'Accepted', ...authorization } });
const room = { longestToken: 20 };

describe('the list of a station', () => {
  test('has the tokens that may be used there, each with its verdict, in their order', () => {
    const tokens = [
      known('C', { expiresAt: tomorrow, group: 'FLEET' }),
      known('a', { status: 'Blocked' }),
      known('ELSEWHERE', { scope: { stations: ['CS-2'], prefixes: [] } }),
      known('B', { scope: { stations: [], prefixes: ['CS-'] } }),
      known('D', { expiresAt: now }),
      known('E', { group: 'LATE' }, { name: 'LATE', status: 'Blocked' }),
      known('F', { maxTransactions: 1 }),
    ];
    expect(localListOf(tokens, 'CS-1', room, now)).toEqual({
      entries: [
        entry('a', { status: 'Blocked' }),
        entry('B'),
        entry('C', { expiresAt: tomorrow, group: 'FLEET' }),
        entry('D', { status: 'Expired', expiresAt: now }),
        entry('E', { status: 'Blocked', group: 'LATE' }),
        entry('F'),
      ],
      leftOut: { tooLong: 0, beyondCapacity: 0 },
    });
  });

  test('leaves out what the version has no room for: whole tokens, and the names of groups', () => {
    const tokens = [known('A'.repeat(21)), known('B'.repeat(20), { group: 'G'.repeat(21) })];
    expect(localListOf(tokens, 'CS-1', room, now)).toEqual({ entries: [entry('B'.repeat(20))], leftOut: { tooLong: 1, beyondCapacity: 0 } });
  });

  test('keeps those that may charge where the station has no room for all', () => {
    const tokens = [known('A', { status: 'Blocked' }), known('B'), known('C', { expiresAt: now }), known('D')];
    expect(localListOf(tokens, 'CS-1', { ...room, capacity: 3 }, now)).toEqual({
      entries: [entry('A', { status: 'Blocked' }), entry('B'), entry('D')],
      leftOut: { tooLong: 0, beyondCapacity: 1 },
    });
    expect(localListOf(tokens, 'CS-1', { ...room, capacity: 0 }, now)).toEqual({ entries: [], leftOut: { tooLong: 0, beyondCapacity: 4 } });
  });
});

describe('the changes from one list to another', () => {
  const from = [entry('GONE'), entry('same', { expiresAt: tomorrow, group: 'Fleet' }), entry('LATER', { expiresAt: now }), entry('MOVED', { group: 'A' })];
  const to = [entry('SAME', { expiresAt: new Date(tomorrow), group: 'FLEET' }), entry('LATER', { expiresAt: tomorrow }), entry('MOVED', { group: 'B' }), entry('NEW', { status: 'Blocked' })];

  test('are what is gone, what is new and what is judged otherwise, without regard to case', () => {
    expect(localListChanges(from, to)).toEqual([{ token: 'GONE' }, entry('LATER', { expiresAt: tomorrow }), entry('MOVED', { group: 'B' }), entry('NEW', { status: 'Blocked' })]);
    expect(localListChanges(to, to)).toEqual([]);
  });

  test('make of the one what the other says', () => {
    expect(localListChanges(changedLocalList(from, localListChanges(from, to)), to)).toEqual([]);
    expect(changedLocalList([entry('a')], [{ token: 'A' }, { token: 'nobody' }, entry('b')])).toEqual([entry('b')]);
  });
});
