import { beforeEach, describe, expect, test } from '@jest/globals';
import { RedisClock } from './redis-clock.js';

describe('the clock of Redis', () => {
  let local: number;
  let clock: RedisClock;
  /** A round trip that takes `ms` and meets Redis at `share` of it. */
  const trip = (ms: number, share: number, ahead: number) => {
    const sentAt = local;
    local += ms;
    clock.learn(sentAt, Math.floor(sentAt + ms * share + ahead));
  };
  beforeEach(() => {
    local = 5000;
    clock = new RedisClock(() => local);
  });

  test('is the local wall clock until Redis has said something', () => {
    expect(Math.abs(clock.now() - Date.now())).toBeLessThan(1000);
  });

  test('is right by half of the round trip at worst', () => {
    trip(10, 1, 1_000_000);
    expect(Math.abs(clock.now() - (local + 1_000_000))).toBeLessThanOrEqual(6);
  });

  test('keeps what the fastest round trip said', () => {
    trip(2, 0.5, 1_000_000);
    trip(400, 0.9, 1_000_000);
    expect(Math.abs(clock.now() - (local + 1_000_000))).toBeLessThanOrEqual(2);
  });

  test('takes a slower round trip once the fastest is a minute old', () => {
    trip(2, 0.5, 1_000_000);
    local += 61_000;
    trip(20, 0.5, 1_000_007);
    expect(clock.now()).toBe(local + 1_000_007);
  });

  test('follows at once when the clock of Redis is set', () => {
    trip(2, 0.5, 1_000_000);
    trip(20, 0.5, 400_000);
    expect(clock.now()).toBe(local + 400_000);
  });

  test('reads the reply to TIME', () => {
    clock.learnFromTime(local, ['1750000000', '123456']);
    expect(clock.now()).toBe(1_750_000_000_123);
  });
});
