import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { RecentIds } from './recent-ids.js';

test('an id is new once, until it is forgotten', () => {
  const ids = new RecentIds(100);
  expect([ids.add('a'), ids.add('a'), ids.add('b'), ids.add('')]).toEqual([true, false, true, true]);
  ids.forget('a');
  ids.forget('never seen');
  expect([ids.add('a'), ids.add('a'), ids.add('b'), ids.add('')]).toEqual([true, false, false, false]);
});

test('at least the last so many are remembered, and not all for ever', () => {
  const limit = 1_000;
  const ids = new RecentIds(limit);
  const made = Array.from({ length: 10 * limit }, () => randomUUID());
  for (const [i, id] of made.entries()) {
    expect(ids.add(id)).toBe(true);
    if (i >= limit && i % 97 === 0) expect(made.slice(i - limit, i + 1).filter((recent) => ids.add(recent))).toEqual([]);
  }
  expect(ids.add(made[0]!)).toBe(true);
});

test('what is forgotten does not hide what came after it', () => {
  const ids = new RecentIds(2_000);
  const made = Array.from({ length: 2_000 }, (_, i) => `command-${i}`);
  for (const id of made) ids.add(id);
  for (const id of made.filter((_, i) => i % 2 === 0)) ids.forget(id);
  expect(made.map((id) => ids.add(id))).toEqual(made.map((_, i) => i % 2 === 0));
});

test('ids that differ a little are told apart', () => {
  const ids = new RecentIds(200_000);
  const counted = Array.from({ length: 100_000 }, (_, i) => `01938f2e-7c1a-7${String(i).padStart(11, '0')}`);
  expect(counted.filter((id) => !ids.add(id))).toEqual([]);
});
