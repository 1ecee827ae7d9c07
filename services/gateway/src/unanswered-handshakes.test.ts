import { expect, test } from '@jest/globals';
import { UnansweredHandshakes } from './unanswered-handshakes.js';

test('connections without a request are told of by address, once and not too soon', () => {
  const told: [string, number][] = [];
  const watch = new UnansweredHandshakes(10, (address, connections) => told.push([address, connections]));
  watch.connected('192.0.2.1', 0);
  watch.connected('192.0.2.1', 1);
  watch.connected('192.0.2.2', 1);
  watch.requested('192.0.2.2');
  watch.requested('192.0.2.3');
  watch.look(9);
  expect(told).toEqual([]);
  watch.look(10);
  watch.look(99);
  expect(told).toEqual([['192.0.2.1', 2]]);
});

test('many addresses at once are told of in part', () => {
  let told = 0;
  const watch = new UnansweredHandshakes(0, () => told++);
  for (let i = 0; i < 5_000; i++) watch.connected(`address ${i}`, 0);
  watch.look(1);
  expect(told).toBe(1_000);
});
