import { expect, test } from '@jest/globals';
import type { Kind } from './messages.js';
import { readAnswer } from './read-answer.js';

const read = (text: string, kind: Kind, id = 42) => {
  // Answers stand somewhere in a larger buffer.
  const bytes = Buffer.from(`noise${text}noise`);
  return readAnswer(bytes, 5, 5 + text.length, id, kind);
};
const id = '0000000042';

test.each<[Kind, string, number]>([
  ['Heartbeat', `[3,"${id}",{"currentTime":"2030-01-01T00:00:00.000Z"}]`, 0],
  ['MeterValues', `[3,"${id}",{}]`, 0],
  ['StatusNotification', `[3, "${id}", {}]`, 0],
  ['StartTransaction', `[3,"${id}",{"transactionId":77,"idTagInfo":{"status":"Accepted"}}]`, 77],
  ['StopTransaction', `[3,"${id}",{"idTagInfo":{"status":"Accepted"}}]`, 0],
  ['BootNotification', `[3,"${id}",{"status":"Accepted","currentTime":"2030-01-01T00:00:00.000Z","interval":300}]`, 0],
])('the right answer to a %s counts', (kind, text, number) => {
  expect(read(text, kind)).toBe(number);
});

test.each<[Kind, string]>([
  ['Heartbeat', `[3,"${id}",{}]`],
  ['Heartbeat', `[3,"0000000043",{"currentTime":"2030-01-01T00:00:00.000Z"}]`],
  ['MeterValues', `[3,"0000000041",{}]`],
  ['MeterValues', `[4,"${id}","InternalError","",{}]`],
  ['MeterValues', `[3,"${id}",{"status":"Rejected"}]`],
  ['StatusNotification', `[3,"${id}",`],
  ['StartTransaction', `[3,"${id}",{"transactionId":0,"idTagInfo":{"status":"Accepted"}}]`],
  ['StartTransaction', `[3,"${id}",{"transactionId":77,"idTagInfo":{"status":"ConcurrentTx"}}]`],
  ['StopTransaction', `[3,"${id}",{}]`],
  ['BootNotification', `[3,"${id}",{"status":"Pending"}]`],
])('a wrong answer to a %s is told: %s', (kind, text) => {
  expect(read(text, kind)).toEqual(expect.any(String));
});
