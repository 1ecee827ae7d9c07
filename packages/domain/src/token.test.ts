import { expect, test } from '@jest/globals';
import { decideAuthorization, tokenKey, type Authorization, type Token } from './token.js';

const now = new Date('2026-03-01T12:00:00Z');
const later = new Date(now.getTime() + 1);
const token: Token = { value: '04A2B3C4D5', status: 'Accepted' };

test.each<[string, Token | undefined, boolean, Authorization]>([
  ['a token that nobody keeps is invalid', undefined, false, { status: 'Invalid' }],
  ['even while something charges under its name', undefined, true, { status: 'Invalid' }],
  ['a token is accepted', token, false, { status: 'Accepted' }],
  ['a token expires in time', { ...token, expiresAt: later }, false, { status: 'Accepted', expiresAt: later }],
  ['at the moment of its expiry it has expired', { ...token, expiresAt: now }, false, { status: 'Expired', expiresAt: now }],
  ['a blocked token is blocked', { ...token, status: 'Blocked' }, false, { status: 'Blocked' }],
  ['blocked counts before expired', { ...token, status: 'Blocked', expiresAt: now }, true, { status: 'Blocked', expiresAt: now }],
  ['expired counts before charging elsewhere', { ...token, expiresAt: now }, true, { status: 'Expired', expiresAt: now }],
  ['a token charges at one place at a time', token, true, { status: 'ConcurrentTx' }],
  [
    'the group is told with every verdict',
    { ...token, status: 'Blocked', group: 'FLEET-7' },
    false,
    { status: 'Blocked', group: 'FLEET-7' },
  ],
])('%s', (_name, kept, charging, verdict) => {
  expect(decideAuthorization(kept, charging, now)).toEqual(verdict);
});

test('tokens are compared without regard to case', () => {
  expect(tokenKey('De-Abc-C1')).toBe(tokenKey('DE-ABC-c1'));
});
