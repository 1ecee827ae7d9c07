import { describe, expect, test } from '@jest/globals';
import { FrameTemplate, maskedFrame, maskedTime, pongFrame } from './frame-template.js';
import { cycle, templateOf, kinds } from './messages.js';

/** Reads a client frame as RFC 6455 says, with no knowledge of how it was made. */
function unmask(frame: Buffer): { opcode: number; text: string } {
  expect(frame[1]! & 0x80).toBe(0x80);
  const short = (frame[1]! & 0x7f) < 126;
  const length = short ? frame[1]! & 0x7f : frame.readUInt16BE(2);
  const mask = frame.subarray(short ? 2 : 4, short ? 6 : 8);
  const payload = frame.subarray(short ? 6 : 8);
  expect(payload.length).toBe(length);
  return { opcode: frame[0]! & 0x0f, text: Buffer.from(payload.map((byte, i) => byte ^ mask[i % 4]!)).toString('latin1') };
}

const at = maskedTime(Date.UTC(2030, 0, 2, 3, 4, 5, 678));
const values = { id: 42, at, wh: 10_000_042, transaction: 7, token: 5 };

describe('a template', () => {
  test('is patched wherever a value belongs, and stays as it was', () => {
    const template = new FrameTemplate('[2,"<id>","X",{"a":"<at>","w":<wh>,"t":<transaction>,"k":"T<token>","again":"<id>"}]');
    const first = unmask(template.build(values));
    expect(first.opcode).toBe(1);
    expect(JSON.parse(first.text)).toEqual([2, '0000000042', 'X', { a: '2030-01-02T03:04:05.678Z', w: 10_000_042, t: 7, k: 'T000000005', again: '0000000042' }]);
    expect(JSON.parse(unmask(template.build({ ...values, id: 1_234_567_890, transaction: 2_147_483_647 })).text)).toMatchObject([2, '1234567890', 'X', { t: 2_147_483_647 }]);
    expect(unmask(template.build(values))).toEqual(first);
  });

  test.each(kinds)('of a %s is JSON of that action', (kind) => {
    for (let turn = 0; turn < 3; turn++) expect(JSON.parse(unmask(templateOf(kind, turn).build(values)).text)).toMatchObject([2, '0000000042', kind, {}]);
  });
});

test('a charge has the mix that is promised', () => {
  const share = (kind: string) => cycle.filter((one) => one === kind).length / cycle.length;
  expect(['Heartbeat', 'StatusNotification', 'MeterValues', 'StartTransaction', 'StopTransaction'].map(share)).toEqual([0.3, 0.15, 0.45, 0.05, 0.05]);
  const [, , , { meterValue }] = JSON.parse(unmask(templateOf('MeterValues', 0).build(values)).text) as [number, string, string, { meterValue: { sampledValue: unknown[] }[] }];
  expect(meterValue[0]!.sampledValue).toHaveLength(10);
});

test('frames of any length up to 65,535 can be read', () => {
  for (const length of [0, 125, 126, 5_000]) expect(unmask(maskedFrame('x'.repeat(length))).text).toBe('x'.repeat(length));
  expect(unmask(pongFrame(Buffer.from('ping')))).toEqual({ opcode: 10, text: 'ping' });
});
