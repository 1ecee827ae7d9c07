import { expect, test } from '@jest/globals';
import { PasswordChecks } from './password-checks.js';

test('checks beyond those that may wait are refused as overload, and all others are answered', async () => {
  const checks = new PasswordChecks({ atOnce: 1, waiting: 2 });
  const asked = ['one', 'two', 'three', 'four', 'five'].map((password) => checks.hash(Buffer.from(password)));
  expect(checks.depth).toBe(2);
  const outcomes = await Promise.allSettled(asked);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected', 'rejected']);
  expect(outcomes[4]).toMatchObject({ reason: { code: 'overloaded', transient: true } });
});

test('a check that fails hands its place on', async () => {
  const checks = new PasswordChecks({ atOnce: 1, waiting: 1 });
  const [failed, next] = await Promise.allSettled([checks.matches(Buffer.from('x'), 'no hash at all'), checks.hash(Buffer.from('y'))]);
  expect([failed.status, next.status]).toEqual(['rejected', 'fulfilled']);
  await expect(checks.hash(Buffer.from('z'))).resolves.toMatch(/^\$scrypt/);
});
