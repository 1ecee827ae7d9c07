import { describe, expect, test } from '@jest/globals';
import { ClockDrift, correctedTime } from './clock-drift.js';

const noon = Date.UTC(2026, 10, 22, 12);
const second = (n: number) => new Date(noon + n * 1000);
const station = { tenant: 'acme', station: 'CP-1' };

/** Messages received at these seconds, dated so many seconds off. */
function measured(...messages: (readonly [received: number, offSeconds: number])[]) {
  const clocks = new ClockDrift();
  for (const [received, off] of messages) clocks.note({ ...station, receivedAt: second(received) }, second(received + off));
  return clocks.take(second(600)).map(({ driftMs, measurements }) => [driftMs / 1000, measurements]);
}

describe('the drift of a clock', () => {
  test.each([
    ['a right clock', [[0, 0], [5, -1]], [[0, 2]]],
    ['a clock that is ahead, which no lateness explains', [[0, 90]], [[90, 1]]],
    ['one message that is two hours old', [[0, -7_200]], []],
    ['two messages of one moment that waited for the connection', [[0, -7_200], [1, -7_201]], []],
    ['messages that were late each in its own way', [[0, -7_200], [60, -9_000], [120, -8_000]], []],
    ['a clock that is behind, by messages of different moments', [[0, -300], [60, -301], [120, -299]], [[-299, 3]]],
    ['a clock that is behind, one message later than the others', [[0, -300], [60, -900], [120, -301]], [[-300, 3]]],
    ['a clock of 1970', [[0, -1_794_000_000]], [[-1_794_000_000, 1]]],
    ['a clock of 1970 that was set', [[0, -1_794_000_000], [60, 0]], [[-1_794_000_000, 1], [0, 1]]],
  ] as const)('is told of %s', (_what, messages, expected) => {
    expect(measured(...(messages as readonly (readonly [number, number])[]))).toEqual(expected);
  });

  test('waits for further messages where it is not certain yet, but not for ever', () => {
    const clocks = new ClockDrift();
    const note = (at: number) => clocks.note({ ...station, receivedAt: second(at) }, second(at - 300));
    note(0);
    expect(clocks.take(second(30))).toEqual([]);
    note(60);
    expect(clocks.take(second(90))).toEqual([{ ...station, driftMs: -300_000, since: second(0), until: second(60), measurements: 2 }]);
    expect(clocks.take(second(120))).toEqual([]);
    note(200);
    expect(clocks.take(second(200 + 3_600))).toEqual([]);
    note(4_000);
    expect(clocks.take(second(4_030))).toEqual([]);
  });

  test('is measured for each station, as many as there is room for', () => {
    const clocks = new ClockDrift(2);
    for (const name of ['a', 'b', 'c']) clocks.note({ tenant: 'acme', station: name, receivedAt: second(0) }, second(7));
    expect(clocks.take(second(1)).map(({ station: of }) => of)).toEqual(['a', 'b']);
  });
});

describe('a time that cannot be right', () => {
  const at = new Date('1970-01-01T00:10:00Z');
  test('is corrected by the drift of that clock', () => {
    expect(correctedTime(at, second(0), at.getTime() - second(-60).getTime())).toEqual(second(-60));
  });

  test('stays unknown where that makes it no better, or later than it was heard', () => {
    expect(correctedTime(at, second(0), 0)).toBeUndefined();
    expect(correctedTime(at, second(0), at.getTime() - second(60).getTime())).toBeUndefined();
  });
});
