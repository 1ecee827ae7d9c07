import { describe, expect, test } from '@jest/globals';
import { Fault } from '@ohmnibus/domain';
import { ConnectionFixture, gatewayCallOf } from './connection-fixture.js';

describe('the frames of a station', () => {
  test('are worked on one at a time and in order', async () => {
    const station = new ConnectionFixture();
    station.frame(2, 'a', 'StatusNotification', {});
    station.frame(2, 'b', 'StartTransaction', { n: 1 });
    station.frame(2, 'c', 'MeterValues', { n: 2 });
    expect(station.asked.map(({ call, service }) => [call.messageId, service])).toEqual([['a', 'session']]);
    await station.asked[0]!.answer({ currentTime: 'now' });
    expect(station.asked.map(({ call, service }) => [call.messageId, service])).toEqual([['a', 'session'], ['b', 'transaction']]);
    await station.asked[1]!.answer({});
    await station.asked[2]!.answer({});
    expect(station.socket.sent).toEqual([[3, 'a', { currentTime: 'now' }], [3, 'b', {}], [3, 'c', {}]]);
    expect(station.asked.map(({ call }) => [call.origin.epoch, call.origin.frame, call.payload.toString()])).toEqual([[7, 1, '{}'], [7, 2, '{"n":1}'], [7, 3, '{"n":2}']]);
  });

  test('wait for the claim', async () => {
    const station = new ConnectionFixture({ epoch: 0 });
    station.frame(2, 'a', 'StatusNotification', {});
    station.text('nonsense');
    expect([station.asked.length, station.socket.sent.length]).toEqual([0, 0]);
    station.connection.owned(9);
    expect(station.asked[0]?.call.origin).toMatchObject({ epoch: 9, frame: 1 });
    await station.asked[0]!.answer({});
    expect(station.logged).toMatchObject([{ messageId: 'a' }, { messageId: '', answer: undefined }]);
  });

  test('beyond the queue are refused each, in either place, and the others are served', async () => {
    const station = new ConnectionFixture({ queueLimit: 2 });
    for (const id of ['a', 'b', 'c', 'd', 'e']) station.frame(2, id, 'StatusNotification', {});
    expect(station.socket.sent.map(([type, id, code]) => [type, id, code])).toEqual([[4, 'd', 'InternalError'], [4, 'e', 'InternalError']]);
    for (let n = 0; n < 3; n++) await station.asked[n]!.answer({});
    expect(station.socket.sent.slice(2).map(([, id]) => id)).toEqual(['a', 'b', 'c']);
    expect(station.logged).toHaveLength(5);
  });

  test('that no service takes are answered here, by the version’s own words', () => {
    const station = new ConnectionFixture();
    // A message that only goes the other way is one that the version knows.
    station.frame(2, 'a', 'Nonsense', {});
    station.frame(2, 'b', 'Reset', {});
    expect(station.socket.sent.map(([, id, code]) => [id, code])).toEqual([['a', 'NotImplemented'], ['b', 'NotSupported']]);
    expect(station.asked).toEqual([]);
    expect(station.logged.map(({ action, messageId }) => [action, messageId])).toEqual([['Nonsense', 'a'], ['Reset', 'b']]);
  });

  test.each([
    ['overloaded', 'InternalError'],
    ['unavailable', 'InternalError'],
    ['deadline-exceeded', 'InternalError'],
    ['internal', 'InternalError'],
  ] as const)('whose service fails as %s are answered with %s, never with silence', async (code, wire) => {
    const station = new ConnectionFixture();
    station.frame(2, 'a', 'StatusNotification', {});
    await station.asked[0]!.fail(new Fault(code, 'a reason'));
    expect(station.socket.sent).toMatchObject([[4, 'a', wire, expect.any(String), {}]]);
    station.frame(2, 'b', 'StatusNotification', {});
    expect(station.asked).toHaveLength(2);
  });

  test.each([
    ['v15', 'nonsense', []],
    ['v16', 'nonsense', []],
    ['v201', 'nonsense', [[4, '-1', 'RpcFrameworkError']]],
    ['v15', '[2,"a"]', [[4, 'a', 'FormationViolation']]],
    ['v16', '[2,"a"]', [[4, 'a', 'FormationViolation']]],
    ['v201', '[2,"a"]', [[4, 'a', 'RpcFrameworkError']]],
    ['v15', '[9,"a",{}]', []],
    ['v16', '[9,"a",{}]', []],
    ['v201', '[9,"a",{}]', [[4, 'a', 'MessageTypeNotSupported']]],
    ['v201', '[2,{},"Heartbeat",{}]', [[4, '-1', 'RpcFrameworkError']]],
    // A 3 or a 4 is never answered with a 4, however broken it is.
    ['v201', '[3]', []],
    ['v201', '[3,{},{}]', []],
    ['v201', '[3,"a"]', []],
    ['v201', '[4,"a",nonsense]', []],
    ['v201', '[4,null,"X","",{}]', []],
    ['v16', '[4,"a",nonsense]', []],
  ] as const)('that are no message are told apart: %s %s', (protocol, text, answers) => {
    const station = new ConnectionFixture({ protocol });
    station.text(text);
    expect(station.socket.sent.map((frame) => frame.slice(0, 3))).toEqual(answers);
  });

  test('are logged with what was answered, byte by byte', async () => {
    const station = new ConnectionFixture();
    station.text(' [2, "a" ,"StatusNotification", {} ] ');
    await station.asked[0]!.answer({ x: 1 });
    expect(station.logged).toMatchObject([
      { direction: 'from-station', messageId: 'a', action: 'StatusNotification', request: Buffer.from(' [2, "a" ,"StatusNotification", {} ] '), answer: '[3,"a",{"x":1}]', frame: 1 },
    ]);
    expect(station.served).toEqual([['StatusNotification', 'result']]);
  });

  test('are answered with the id as it was spelt', async () => {
    const station = new ConnectionFixture();
    station.text('[2,17,"StatusNotification",{}]');
    await station.asked[0]!.answer({});
    expect(station.logged[0]?.answer).toBe('[3,17,{}]');
  });
});

describe('a station that asks for the time', () => {
  test.each(['v15', 'v16', 'v201'] as const)('is told at once, without a service: %s', (protocol) => {
    const station = new ConnectionFixture({ protocol });
    const before = Date.now();
    station.frame(2, 'a', 'Heartbeat', {});
    const [[type, id, { currentTime }]] = station.socket.sent as [[number, string, { currentTime: string }]];
    expect([type, id]).toEqual([3, 'a']);
    expect(Date.parse(currentTime)).toBeGreaterThanOrEqual(before);
    expect(Date.parse(currentTime)).toBeLessThanOrEqual(Date.now());
    expect(station.asked).toEqual([]);
    expect(station.served).toEqual([['Heartbeat', 'result']]);
    expect(station.logged).toMatchObject([{ action: 'Heartbeat', messageId: 'a', frame: 1, answer: expect.stringContaining(currentTime) }]);
  });

  test('waits until what it said before is answered', async () => {
    const station = new ConnectionFixture();
    station.frame(2, 'a', 'StatusNotification', {});
    for (const id of ['b', 'c']) station.frame(2, id, 'Heartbeat', {});
    expect(station.socket.sent).toEqual([]);
    await station.asked[0]!.answer({});
    expect(station.socket.sent.map(([, id]) => id)).toEqual(['a', 'b', 'c']);
  });

  test.each(['{"a":1}', '{ }', '[]', '""', 'null'])('has what else it says looked at: %s', (payload) => {
    const station = new ConnectionFixture();
    station.text(`[2,"a","Heartbeat",${payload}]`);
    expect(station.asked.map(({ service, call }) => [service, call.payload.toString()])).toEqual([['session', payload]]);
    expect(station.socket.sent).toEqual([]);
  });
});

describe('a socket that closes', () => {
  test('takes the answer in work as unsaid, and what waited as unheard', async () => {
    const station = new ConnectionFixture();
    station.frame(2, 'a', 'StatusNotification', {});
    station.frame(2, 'b', 'StatusNotification', {});
    station.close();
    await station.asked[0]!.answer({});
    expect(station.asked).toHaveLength(1);
    expect(station.socket.sent).toEqual([]);
    expect(station.logged).toMatchObject([{ messageId: 'a', answer: undefined }]);
    expect(station.closed).toBe(1);
    expect(station.connection.busy).toBe(false);
  });

  test('because its station does not read is given up', async () => {
    const station = new ConnectionFixture();
    station.frame(2, 'a', 'StatusNotification', {});
    station.socket.full = true;
    await station.asked[0]!.answer({});
    expect(station.socket.ended?.code).toBe(1013);
    expect(station.logged).toMatchObject([{ answer: undefined }]);
  });

  test('while its station does not read takes the call in hand as not written', async () => {
    const station = new ConnectionFixture();
    station.socket.full = true;
    const outcomes = await Promise.all([station.connection.calls.send(gatewayCallOf()), station.connection.calls.send(gatewayCallOf())]);
    expect(outcomes).toEqual([{ kind: 'not-written', reason: 'connection-lost' }, { kind: 'not-written', reason: 'connection-lost' }]);
  });
});
