import { afterEach, describe, expect, jest, test } from '@jest/globals';
import type { GatewayCallOutcome } from '@ohmnibus/contracts';
import { Fault, type Quirks, type Standing } from '@ohmnibus/domain';
import { ConnectionFixture, gatewayCallOf } from './connection-fixture.js';

const standing = (more: Partial<Standing> = {}): Standing => ({ registration: 'Accepted', booted: true, ...more });
const made: ConnectionFixture[] = [];
afterEach(() => made.splice(0).forEach((station) => station.close()));

function stationWith(options: ConstructorParameters<typeof ConnectionFixture>[0] = {}): ConnectionFixture {
  const station = new ConnectionFixture(options);
  made.push(station);
  return station;
}

const notAccepted = { kind: 'not-written', reason: 'not-accepted' };
const start = { action: 'RemoteStartTransaction', payload: '{"idTag":"A"}' };

/** A call of ours, and what has become of it so far. */
function ask(station: ConnectionFixture, more: Parameters<typeof gatewayCallOf>[0] = {}) {
  const call = gatewayCallOf(more);
  const asked: { outcome?: GatewayCallOutcome } = {};
  void station.connection.calls.send(call).then((outcome) => (asked.outcome = outcome));
  return { ...call, asked };
}
const settled = () => new Promise((resolve) => setImmediate(resolve));
const calls = (station: ConnectionFixture) => station.socket.sent.filter(([type]) => type === 2).map(([, , action]) => action);

describe('a station that is not accepted', () => {
  test.each(['Pending', 'Rejected'] as const)('while %s has only its boots served, in either version', (registration) => {
    for (const protocol of ['v16', 'v201'] as const) {
      const station = stationWith({ protocol, standing: standing({ registration }) });
      for (const [id, action] of [['a', 'Heartbeat'], ['b', 'StatusNotification'], ['c', 'Nonsense']]) station.frame(2, id, action, {});
      expect(station.socket.sent.map(([type, id, code]) => [type, id, code])).toEqual([[4, 'a', 'SecurityError'], [4, 'b', 'SecurityError'], [4, 'c', 'SecurityError']]);
      station.frame(2, 'd', 'BootNotification', {});
      expect(station.asked.map(({ call }) => call.messageId)).toEqual(['d']);
      expect(station.logged.map(({ messageId }) => messageId)).toEqual(['a', 'b', 'c']);
    }
  });

  test('while Pending may be asked for anything but a charge', async () => {
    const station = stationWith({ standing: standing({ registration: 'Pending' }) });
    const [begin, stop, read] = [ask(station, start), ask(station, { action: 'RemoteStopTransaction' }), ask(station, { action: 'GetConfiguration', payload: '{}' })];
    await settled();
    expect([begin.asked.outcome, stop.asked.outcome]).toEqual([notAccepted, notAccepted]);
    expect(calls(station)).toEqual(['GetConfiguration']);
    station.frame(3, read.id, {});
    await settled();
    expect(read.asked.outcome).toMatchObject({ kind: 'result' });
  });

  test('while Pending has served what it was asked for, and that alone', async () => {
    const station = stationWith({ standing: standing({ registration: 'Pending' }) });
    const trigger = ask(station, { action: 'TriggerMessage', payload: '{"requestedMessage":"StatusNotification"}' });
    await settled();
    station.frame(2, 'a', 'StatusNotification', {});
    station.frame(3, trigger.id, { status: 'Accepted' });
    expect(station.asked.map(({ call }) => call.messageId)).toEqual(['a']);
    await station.asked[0]!.answer({});
    station.frame(2, 'b', 'Authorize', {});
    expect(station.socket.sent.filter(([type]) => type !== 2).map(([type, id, code]) => [type, id, type === 4 ? code : undefined])).toEqual([[3, 'a', undefined], [4, 'b', 'SecurityError']]);
  });

  test('may send what it was asked for until it is accepted or an hour is over', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate'], now: 0 });
    try {
      const station = stationWith({ standing: standing({ registration: 'Pending' }) });
      ask(station, { action: 'UpdateFirmware', payload: '{}', deadline: 60_000 });
      await settled();
      jest.setSystemTime(3_599_000);
      station.frame(2, 'a', 'FirmwareStatusNotification', {});
      await station.asked[0]!.answer({});
      jest.setSystemTime(3_601_000);
      station.frame(2, 'b', 'FirmwareStatusNotification', {});
      expect(station.asked.map(({ call }) => call.messageId)).toEqual(['a']);
    } finally {
      jest.useRealTimers();
    }
  });

  test('while Rejected is asked for nothing', async () => {
    const station = stationWith({ standing: standing({ registration: 'Rejected' }) });
    const { asked } = ask(station, { action: 'TriggerMessage' });
    await settled();
    expect(asked.outcome).toEqual(notAccepted);
    expect(calls(station)).toEqual([]);
  });

  test('is served and asked like any other once a boot of it is accepted, and loses both when one is not', async () => {
    const station = stationWith({ standing: standing({ registration: 'Pending' }) });
    station.frame(2, 'a', 'BootNotification', {});
    await station.asked[0]!.answer({ status: 'Accepted' }, standing());
    station.frame(2, 'b', 'StatusNotification', {});
    await station.asked[1]!.answer({});
    expect(station.connection.gate).toBeUndefined();
    station.frame(2, 'c', 'BootNotification', {});
    await station.asked[2]!.answer({ status: 'Rejected' }, standing({ registration: 'Rejected' }));
    expect(station.standings).toBe(1);
    station.frame(2, 'd', 'StatusNotification', {});
    expect(station.socket.sent.at(-1)).toEqual([4, 'd', 'SecurityError', expect.any(String), {}]);
  });

  test('stays as it was if a boot fails', async () => {
    const station = stationWith({ standing: standing({ registration: 'Pending' }) });
    station.frame(2, 'a', 'BootNotification', {});
    await station.asked[0]!.fail(new Fault('unavailable', 'the database is away'));
    station.frame(2, 'b', 'StatusNotification', {});
    expect(station.socket.sent.at(-1)).toEqual([4, 'b', 'SecurityError', expect.any(String), {}]);
  });
});

describe('our calls', () => {
  test('wait for the first boot of a new station to be answered', async () => {
    const station = stationWith({ standing: standing({ booted: false }) });
    const { asked, id } = ask(station);
    expect(calls(station)).toEqual([]);
    station.frame(2, 'a', 'BootNotification', {});
    expect(calls(station)).toEqual([]);
    await station.asked[0]!.answer({ status: 'Accepted' }, standing());
    expect(station.socket.sent.map(([type, , action]) => (type === 2 ? action : type))).toEqual([3, 'Reset']);
    station.frame(3, id, { status: 'Accepted' });
    await settled();
    expect(asked.outcome).toMatchObject({ kind: 'result' });
  });

  test('to a new station that never boots end with the reason', async () => {
    const station = stationWith({ standing: standing({ booted: false }) });
    const { asked } = ask(station, { deadline: Date.now() + 100 });
    while (!asked.outcome) await settled();
    expect(asked.outcome).toEqual({ kind: 'not-written', reason: 'not-booted' });
  });

  test('go out to a new station that takes itself for accepted, as one that was moved here does', async () => {
    const station = stationWith({ standing: standing({ booted: false }) });
    ask(station);
    station.frame(2, 'a', 'StatusNotification', {});
    await station.asked[0]!.answer({});
    expect(calls(station)).toEqual(['Reset']);
  });

  test('wait while any boot is on its way to its answer, also on an open line', async () => {
    const station = stationWith();
    station.frame(2, 'a', 'BootNotification', {});
    ask(station);
    expect(calls(station)).toEqual([]);
    await station.asked[0]!.answer({ status: 'Accepted' }, standing());
    expect(calls(station)).toEqual(['Reset']);
    expect(station.connection.gate).toBeUndefined();
  });

  test('need no boot after a mere reconnect', () => {
    const station = stationWith();
    ask(station);
    expect(calls(station)).toEqual(['Reset']);
  });

  test('that wait for a boot are lost with the socket', async () => {
    const station = stationWith({ standing: standing({ booted: false }) });
    const { asked } = ask(station);
    station.close();
    await settled();
    expect(asked.outcome).toEqual({ kind: 'not-written', reason: 'connection-lost' });
  });
});

describe('a station with quirks', () => {
  const quirks: Quirks = { accepts: ['nulls'], settleSeconds: 5, pacingMs: 300 };

  test('has them travel with each of its calls, and only then', async () => {
    const station = stationWith({ standing: standing({ quirks }) });
    station.frame(2, 'a', 'StatusNotification', {});
    expect(station.asked[0]!.call.quirks).toEqual(quirks);
    const plain = stationWith();
    plain.frame(2, 'a', 'StatusNotification', {});
    expect(plain.asked[0]!.call.quirks).toBeUndefined();
  });

  test('that are the same is one object for all, though each was told apart', () => {
    const stations = [1, 2].map(() => stationWith({ standing: standing({ quirks: JSON.parse(JSON.stringify(quirks)) as Quirks }) }));
    expect(stations[0]!.connection.gate!.quirks).toBe(stations[1]!.connection.gate!.quirks);
  });

  test('settles after its boot before anything is asked of it, and is asked no faster than it likes', async () => {
    jest.useFakeTimers({ doNotFake: ['setImmediate', 'nextTick', 'queueMicrotask'] });
    try {
      const station = stationWith();
      station.frame(2, 'a', 'BootNotification', {});
      await station.asked[0]!.answer({ status: 'Accepted' }, standing({ quirks }));
      const asked = [ask(station), ask(station)];
      jest.advanceTimersByTime(4_999);
      expect(calls(station)).toEqual([]);
      jest.advanceTimersByTime(1);
      expect(calls(station)).toHaveLength(1);
      station.frame(3, asked[0]!.id, {});
      jest.advanceTimersByTime(299);
      expect(calls(station)).toHaveLength(1);
      jest.advanceTimersByTime(1);
      expect(calls(station)).toHaveLength(2);
    } finally {
      jest.useRealTimers();
    }
  });

  test('that a boot takes away are gone', async () => {
    const station = stationWith({ standing: standing({ quirks }) });
    station.frame(2, 'a', 'BootNotification', {});
    await station.asked[0]!.answer({ status: 'Accepted' }, standing());
    expect(station.connection.gate).toBeUndefined();
  });
});
