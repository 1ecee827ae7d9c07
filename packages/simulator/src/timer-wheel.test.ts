import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { TimerWheel } from './timer-wheel.js';

beforeEach(() => {
  jest.useFakeTimers();
});

afterEach(() => {
  jest.useRealTimers();
});

test('waits end in order, never early, and at most a tick late', () => {
  const wheel = new TimerWheel(10, 8);
  const startedAt = performance.now();
  const ended: [number, number][] = [];
  // The wheel turns once in 80 ms: the longer waits go round several times.
  for (const ms of [500, 5, 85, 80, 79, 0, 160]) wheel.after(ms, () => ended.push([ms, performance.now() - startedAt]));
  jest.advanceTimersByTime(600);
  expect(ended.map(([ms]) => ms).toSorted((a, b) => a - b)).toEqual([0, 5, 79, 80, 85, 160, 500]);
  for (const [ms, at] of ended) {
    expect(at).toBeGreaterThanOrEqual(ms);
    expect(at).toBeLessThanOrEqual(ms + 10);
  }
});

test('a wait begun in the middle of a tick is not cut short', () => {
  const wheel = new TimerWheel(10, 8);
  let endedAt = 0;
  wheel.after(1_000, () => undefined);
  jest.advanceTimersByTime(27);
  wheel.after(15, () => (endedAt = performance.now()));
  const begunAt = performance.now();
  jest.advanceTimersByTime(100);
  expect(endedAt - begunAt).toBeGreaterThanOrEqual(15);
  expect(endedAt - begunAt).toBeLessThanOrEqual(25);
});

test('a wait called off does not end, not even by its neighbour in the same tick', () => {
  const wheel = new TimerWheel(10, 8);
  const ended: string[] = [];
  wheel.after(20, () => {
    ended.push('first');
    callOff();
  });
  const callOff = wheel.after(20, () => ended.push('second'));
  jest.advanceTimersByTime(200);
  expect(ended).toEqual(['first']);
});

test('a task that waits a whole turn of the wheel again does not run twice in one tick', () => {
  const wheel = new TimerWheel(10, 8);
  let runs = 0;
  const again = (): void => {
    runs += 1;
    if (runs < 5) wheel.after(80, again);
  };
  wheel.after(80, again);
  jest.advanceTimersByTime(85);
  expect(runs).toBe(1);
  jest.advanceTimersByTime(1_000);
  expect(runs).toBe(5);
});

test('nothing ticks while nothing waits', () => {
  const wheel = new TimerWheel(10, 8);
  expect(jest.getTimerCount()).toBe(0);
  const callOff = wheel.after(1_000, () => undefined);
  expect(jest.getTimerCount()).toBe(1);
  callOff();
  expect(jest.getTimerCount()).toBe(0);
  jest.advanceTimersByTime(10_000);
  let ended = false;
  wheel.after(20, () => (ended = true));
  jest.advanceTimersByTime(30);
  expect(ended).toBe(true);
});
