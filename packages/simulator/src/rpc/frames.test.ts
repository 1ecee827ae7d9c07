import { expect, test } from '@jest/globals';
import { formatFrame, parseFrame } from './frames.js';
import type { Frame } from './frames.js';

test.each<[string, Frame]>([
  ['[2,"1","Heartbeat",{}]', { kind: 'call', id: '1', action: 'Heartbeat', payload: {} }],
  ['[3,"1",{"a":1}]', { kind: 'result', id: '1', payload: { a: 1 } }],
  ['[4,"1","GenericError","why",{"b":2}]', { kind: 'error', id: '1', code: 'GenericError', description: 'why', details: { b: 2 } }],
])('%s is read and written alike', (text, frame) => {
  expect(parseFrame(text)).toEqual(frame);
  expect(formatFrame(frame)).toBe(text);
});

test.each([' [ 3 , "1" , null ] ', '[3,"1"]'])('a result without an object, %s, is an empty one', (text) => {
  expect(parseFrame(text)).toEqual({ kind: 'result', id: '1', payload: {} });
});

const noFrames = ['', 'nonsense', '{}', '[]', '[2]', '[2,7,"Heartbeat",{}]', '[2,"1",7,{}]', '[6,"1","NotifyPeriodicEventStream",{}]'];

test.each(noFrames)('%p is none', (text) => {
  expect(parseFrame(text)).toBeUndefined();
});
