import { expect, test } from '@jest/globals';
import { connection } from '../session-fixture.js';
import { connectionSteps } from './connection-steps.js';

const up = (epoch: number, station = 'a') => connection('connected', station, epoch);
const down = (epoch: number, station = 'a') => connection('disconnected', station, epoch);
const said = (...reports: ReturnType<typeof up>[]) =>
  connectionSteps(reports).map(({ report, last, connectedAt }) => `${report.station}${report.epoch}${report.phase === 'connected' ? '+' : '-'}${last ? '!' : ''}${connectedAt ? '@' : ''}`);

test('a connection that comes and goes is two steps, of which the last knows when it began', () => {
  expect(said(up(5), down(5))).toEqual(['a5+@', 'a5-!@']);
});

test('what is no news is left out', () => {
  expect(said(up(5), up(5), down(4), up(4))).toEqual(['a5+!@']);
  expect(said(down(5), up(5), down(5))).toEqual(['a5-!']);
});

test('a newer connection follows, whatever became of the older', () => {
  expect(said(up(5), up(6), down(5), down(6))).toEqual(['a5+@', 'a6+@', 'a6-!@']);
  expect(said(up(5), down(6))).toEqual(['a5+@', 'a6-!']);
});

test('stations are apart', () => {
  expect(said(up(5), up(1, 'b'), down(5), down(1, 'b'))).toEqual(['a5+@', 'b1+@', 'a5-!@', 'b1-!@']);
});
