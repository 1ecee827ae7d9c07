import { describe, expect, test } from '@jest/globals';
import { canonicalPassword } from './canonical-password.js';
import { hashPassword, passwordMatches } from './password-hash.js';

const cheap = { ln: 4, r: 8, p: 1 };
const hex = '4f43413142324333443445354636a0b1c2d3ff00';
const raw = Buffer.from(hex, 'hex');

describe('a key of 20 bytes that is configured as 40 hex digits', () => {
  test.each([
    ['as the digits', Buffer.from(hex)],
    ['as the digits in capitals', Buffer.from(hex.toUpperCase())],
    ['as its bytes, which are no UTF-8', raw],
  ])('matches %s', async (_, password) => {
    expect(await passwordMatches(password, await hashPassword(Buffer.from(hex), cheap))).toBe(true);
  });

  test.each([
    ['one digit less', Buffer.from(hex.slice(1))],
    ['another digit', Buffer.from(hex.replace('4f', '4e'))],
    ['its bytes as a UTF-8 decoder leaves them', Buffer.from(raw.toString('utf8'))],
    ['its bytes and one more', Buffer.concat([raw, Buffer.from([0])])],
  ])('does not match %s', async (_, password) => {
    expect(await passwordMatches(password, await hashPassword(Buffer.from(hex), cheap))).toBe(false);
  });
});

test('a key of 20 bytes that is configured as text matches its hex spelling', async () => {
  const text = 'a-key-of-twenty-byte';
  expect(await passwordMatches(Buffer.from(Buffer.from(text).toString('hex')), await hashPassword(Buffer.from(text), cheap))).toBe(true);
});

test('a password that is no hex key is told apart by its capitals', async () => {
  const passwordHash = await hashPassword(Buffer.from('deadbeef:Secret'), cheap);
  expect(await passwordMatches(Buffer.from('deadbeef:Secret'), passwordHash)).toBe(true);
  expect(await passwordMatches(Buffer.from('deadbeef:secret'), passwordHash)).toBe(false);
});

test('the canonical form is final', () => {
  const digitsOfDigits = Buffer.from(Buffer.from('0123456789abcdef0123').toString('hex'));
  expect(canonicalPassword(canonicalPassword(digitsOfDigits))).toEqual(canonicalPassword(digitsOfDigits));
});

test('what is stored names its parameters, which may change without making it worthless, and never repeats', async () => {
  const [one, two] = await Promise.all([hashPassword(Buffer.from('a password')), hashPassword(Buffer.from('a password'), { ln: 5, r: 4, p: 2 })]);
  expect(one).toMatch(/^\$scrypt\$v=1\$ln=14,r=8,p=1\$[\w-]{22}\$[\w-]{43}$/);
  expect(await passwordMatches(Buffer.from('a password'), two)).toBe(true);
  expect(await hashPassword(Buffer.from('a password'), cheap)).not.toBe(await hashPassword(Buffer.from('a password'), cheap));
});

test('a hash of a later build is a defect, not a wrong password', async () => {
  await expect(passwordMatches(Buffer.from('a password'), '$argon2id$v=19$m=65536$abc$def')).rejects.toMatchObject({ code: 'internal' });
});
