import { expect, test } from '@jest/globals';
import { decideAuthorization, inScope, tokenKey, type Authorization, type KnownToken, type OpenTransactions, type Token, type TokenGroup } from './token.js';

const now = new Date('2026-03-01T12:00:00Z');
const later = new Date(now.getTime() + 1);
const station = 'DEPOT-7';
const token: Token = { value: '04A2B3C4D5', status: 'Accepted' };
const known = (change: Partial<Token> = {}, group?: Partial<TokenGroup>): KnownToken => ({
  token: { ...token, ...change },
  ...(group && { group: { name: 'FLEET-7', status: 'Accepted', ...group } }),
});
const open = (ofToken: number, ofGroup = ofToken): OpenTransactions => ({ ofToken, ofGroup });
const elsewhere = { stations: ['YARD-1'], prefixes: ['YARD-'] };

test.each<[string, KnownToken | undefined, OpenTransactions | undefined, Authorization]>([
  ['a token that nobody keeps is invalid', undefined, undefined, { status: 'Invalid' }],
  ['even while something charges under its name', undefined, open(1), { status: 'Invalid' }],
  ['a token is accepted', known(), open(0), { status: 'Accepted' }],
  ['a token expires in time', known({ expiresAt: later }), open(0), { status: 'Accepted', expiresAt: later }],
  ['at the moment of its expiry it has expired', known({ expiresAt: now }), open(0), { status: 'Expired', expiresAt: now }],
  ['a blocked token is blocked', known({ status: 'Blocked' }), open(0), { status: 'Blocked' }],
  ['a token of a blocked group is blocked', known({}, { status: 'Blocked' }), open(0), { status: 'Blocked' }],
  ['blocked counts before expired', known({ status: 'Blocked', expiresAt: now }), open(1), { status: 'Blocked', expiresAt: now }],
  ['expired counts before being elsewhere', known({ expiresAt: now, scope: elsewhere }), open(1), { status: 'Expired', expiresAt: now }],
  ['a token is refused where it may not be used', known({ scope: elsewhere }), undefined, { status: 'NotAtThisLocation' }],
  ['being elsewhere counts before charging too often', known({ scope: elsewhere, maxTransactions: 1 }), open(1), { status: 'NotAtThisLocation' }],
  ['a token below its limit may charge', known({ maxTransactions: 2 }), open(1), { status: 'Accepted' }],
  ['a token at its limit may not', known({ maxTransactions: 2 }), open(2), { status: 'ConcurrentTx' }],
  ['a token without a limit charges as often as it likes', known(), open(99), { status: 'Accepted' }],
  ['no limit matters where no transaction begins', known({ maxTransactions: 1 }, { maxTransactions: 1 }), undefined, { status: 'Accepted' }],
  ['a group below its limit may charge', known({}, { maxTransactions: 3 }), open(0, 2), { status: 'Accepted' }],
  ['a group at its limit may not, whichever token it is', known({ maxTransactions: 2 }, { maxTransactions: 3 }), open(0, 3), { status: 'ConcurrentTx' }],
  ['the group is told with every verdict', known({ status: 'Blocked', group: 'FLEET-7' }), open(0), { status: 'Blocked', group: 'FLEET-7' }],
])('%s', (_name, kept, transactions, verdict) => {
  expect(decideAuthorization(kept, station, transactions, now)).toEqual(verdict);
});

test.each([
  ['no scope', undefined, true],
  ['its own id', { stations: ['DEPOT-7'], prefixes: [] }, true],
  ['another id', { stations: ['DEPOT-8'], prefixes: [] }, false],
  ['its own id in another case', { stations: ['depot-7'], prefixes: [] }, false],
  ['a prefix of its id', { stations: [], prefixes: ['YARD-', 'DEPOT-'] }, true],
  ['a part of its id that is no prefix', { stations: [], prefixes: ['POT-'] }, false],
])('a station is within a scope of %s: %p, %p', (_name, scope, within) => {
  expect(inScope(scope, station)).toBe(within);
});

test('tokens are compared without regard to case', () => {
  expect(tokenKey('De-Abc-C1')).toBe(tokenKey('DE-ABC-c1'));
});
