import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import { ConnectionFixture, gatewayCallOf } from './connection-fixture.js';

const at = new Date('2026-11-22T12:00:00Z');
beforeEach(() => {
  jest.useFakeTimers({ now: at, doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
});
afterEach(() => {
  jest.useRealTimers();
});

const call = (id: string, more: object = {}) => gatewayCallOf({ id, deadline: at.getTime() + 10_000, ...more });
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('the calls to a station', () => {
  test('are written one at a time and in order', async () => {
    const station = new ConnectionFixture();
    const outcomes = Promise.all(['a', 'b', 'c'].map((id) => station.connection.calls.send(call(id, { payload: `{"n":"${id}"}` }))));
    expect(station.socket.sent).toEqual([[2, 'a', 'Reset', { n: 'a' }]]);
    station.frame(3, 'a', { status: 'Accepted' });
    expect(station.socket.sent.map(([, id]) => id)).toEqual(['a', 'b']);
    station.frame(4, 'b', 'NotSupported', 'no', { why: 1 });
    station.frame(3, 'c', {});
    expect(await outcomes).toEqual([
      { kind: 'result', payload: '{"status":"Accepted"}' },
      { kind: 'error', code: 'NotSupported', description: 'no', details: { why: 1 } },
      { kind: 'result', payload: '{}' },
    ]);
  });

  test('cross those of the station: the directions do not wait for each other', async () => {
    const station = new ConnectionFixture();
    station.frame(2, 'same', 'StatusNotification', {});
    const outcome = station.connection.calls.send(call('same'));
    station.frame(3, 'same', { status: 'Accepted' });
    expect(await outcome).toMatchObject({ kind: 'result' });
    await station.asked[0]!.answer({});
    expect(station.socket.sent.map(([type]) => type)).toEqual([2, 3]);
  });

  test('beyond the queue are not written', async () => {
    const station = new ConnectionFixture({ queueLimit: 2 });
    const sent = ['a', 'b', 'c', 'd'].map((id) => station.connection.calls.send(call(id)));
    expect(await sent[3]).toEqual({ kind: 'not-written', reason: 'overloaded' });
    for (const id of ['a', 'b', 'c']) station.frame(3, id, {});
    expect((await Promise.all(sent.slice(0, 3))).map(({ kind }) => kind)).toEqual(['result', 'result', 'result']);
  });

  test('that nobody answers in time are unanswered, and the next one is written', async () => {
    const station = new ConnectionFixture();
    const first = station.connection.calls.send(call('a', { answerTimeoutMs: 1_000 }));
    const second = station.connection.calls.send(call('b'));
    jest.advanceTimersByTime(999);
    await turn();
    expect(station.socket.sent.map(([, id]) => id)).toEqual(['a']);
    jest.advanceTimersByTime(1);
    expect(await first).toEqual({ kind: 'unanswered', reason: 'timeout' });
    expect(station.socket.sent.map(([, id]) => id)).toEqual(['a', 'b']);
    // The late answer to the first is nobody's, and not the second's.
    station.frame(3, 'a', { late: true });
    station.frame(3, 'b', { good: true });
    expect(await second).toEqual({ kind: 'result', payload: '{"good":true}' });
  });

  test('never wait for an answer beyond their deadline', async () => {
    const station = new ConnectionFixture();
    const outcome = station.connection.calls.send(call('a', { deadline: at.getTime() + 500, answerTimeoutMs: 60_000 }));
    jest.advanceTimersByTime(500);
    expect(await outcome).toEqual({ kind: 'unanswered', reason: 'timeout' });
  });

  test('whose deadline passes while they wait are told so then, and never written', async () => {
    const station = new ConnectionFixture();
    const first = station.connection.calls.send(call('a'));
    const second = station.connection.calls.send(call('b', { deadline: at.getTime() + 300 }));
    const third = station.connection.calls.send(call('c'));
    let told: unknown;
    void second.then((outcome) => (told = outcome));
    jest.advanceTimersByTime(301);
    await turn();
    expect(told).toEqual({ kind: 'not-written', reason: 'expired' });
    station.frame(3, 'a', {});
    station.frame(3, 'c', {});
    expect((await Promise.all([first, third])).map(({ kind }) => kind)).toEqual(['result', 'result']);
    expect(station.socket.sent.map(([, id]) => id)).toEqual(['a', 'c']);
  });

  test('that are expired already are never written', async () => {
    const station = new ConnectionFixture();
    expect(await station.connection.calls.send(call('a', { deadline: at.getTime() }))).toEqual({ kind: 'not-written', reason: 'expired' });
    expect(station.socket.sent).toEqual([]);
  });

  test('for an epoch that is not the socket’s any more are stale', async () => {
    const station = new ConnectionFixture();
    const first = station.connection.calls.send(call('a'));
    const waiting = station.connection.calls.send(call('b'));
    station.connection.owned(8);
    station.frame(3, 'a', {});
    expect(await first).toMatchObject({ kind: 'result' });
    expect(await waiting).toEqual({ kind: 'stale' });
    expect(await station.connection.calls.send(call('c'))).toEqual({ kind: 'stale' });
    expect(station.socket.sent.map(([, id]) => id)).toEqual(['a']);
  });

  test('on a socket that closes are lost if written, and not written if they waited', async () => {
    const station = new ConnectionFixture();
    const sent = ['a', 'b', 'c'].map((id) => station.connection.calls.send(call(id)));
    station.close();
    expect(await Promise.all(sent)).toEqual([
      { kind: 'unanswered', reason: 'connection-lost' },
      { kind: 'not-written', reason: 'connection-lost' },
      { kind: 'not-written', reason: 'connection-lost' },
    ]);
    expect(await station.connection.calls.send(call('d'))).toEqual({ kind: 'not-written', reason: 'connection-lost' });
    expect(jest.getTimerCount()).toBe(0);
  });

  test('are answered by nothing that names another id, or none', async () => {
    const station = new ConnectionFixture();
    const outcome = station.connection.calls.send(call('a'));
    for (const text of ['[3,"b",{}]', '[3,1,{}]', '[4,"-1","X","",{}]', '[3]']) station.text(text);
    station.frame(3, 'a', { right: true });
    expect(await outcome).toEqual({ kind: 'result', payload: '{"right":true}' });
  });

  test('have taken no time if the clock was set back meanwhile', async () => {
    const station = new ConnectionFixture();
    const outcome = station.connection.calls.send(call('a'));
    jest.setSystemTime(at.getTime() - 1_000);
    station.frame(3, 'a', {});
    expect(await outcome).toMatchObject({ kind: 'result' });
    expect(station.logged).toMatchObject([{ latencyMs: 0 }]);
  });

  test('are logged with their answers, and without one', async () => {
    const station = new ConnectionFixture();
    const answered = station.connection.calls.send(call('a'));
    station.frame(3, 'a', { x: 1 });
    await answered;
    const unanswered = station.connection.calls.send(call('b', { answerTimeoutMs: 5 }));
    jest.advanceTimersByTime(5);
    await unanswered;
    expect(station.logged).toMatchObject([
      { direction: 'to-station', messageId: 'a', action: 'Reset', request: '[2,"a","Reset",{"type":"Soft"}]', answer: Buffer.from('[3,"a",{"x":1}]'), frame: 1 },
      { direction: 'to-station', messageId: 'b', answer: undefined, frame: 2 },
    ]);
  });
});
