import { expect, test } from '@jest/globals';
import { admissionKey, compareVerifier, verifierFor, verifierName } from './verifier.js';

const key = admissionKey('a secret of the tests');
const verified = { tenant: 'acme', station: 'cs-1', passwordHash: '$scrypt$1', password: Buffer.from('swordfish') };
const verifier = verifierFor(key, verified);

test('a verifier recognises its password, and a hex key in each of its forms', () => {
  expect(compareVerifier(key, verifier, verified)).toBe('right');
  const hex = 'ABCDEF0123456789abcdef0123456789abcdef01';
  const ofHex = verifierFor(key, { ...verified, password: Buffer.from(hex) });
  expect(compareVerifier(key, ofHex, { ...verified, password: Buffer.from(hex, 'hex') })).toBe('right');
});

test('another password is wrong', () => {
  expect(compareVerifier(key, verifier, { ...verified, password: Buffer.from('swordfisH') })).toBe('wrong');
});

test.each([
  ['another hash', { ...verified, passwordHash: '$scrypt$2' }],
  ['another station', { ...verified, station: 'cs-2' }],
  ['another tenant', { ...verified, tenant: 'acmf' }],
  ['names that read alike when put together', { ...verified, tenant: 'acmec', station: 's-1' }],
])('a verifier says nothing of the same password with %s', (_, asked) => {
  expect(compareVerifier(key, verifier, asked)).toBe('stale');
});

test('a verifier of another secret, or no verifier at all, says nothing', () => {
  expect(compareVerifier(admissionKey('another secret, equally long'), verifier, verified)).toBe('stale');
  for (const junk of ['', '.', 'x', 'x.y']) expect(compareVerifier(key, junk, verified)).toBe('stale');
});

test('no two stations share a name', () => {
  expect(verifierName({ tenant: 'a:b', station: 'c' })).not.toBe(verifierName({ tenant: 'a', station: 'b:c' }));
});
