import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventStream, type EventMessage } from '@ohmnibus/contracts';
import { eventually, openTestkit, type Testkit } from '@ohmnibus/testkit';
import { Bus } from './bus.js';
import { EventStream, subjectOf } from './event-stream.js';

let kit: Testkit;
let bus: Bus;

beforeAll(async () => {
  kit = await openTestkit({ services: ['nats'] });
  bus = await Bus.connect({ url: kit.natsUrl, name: 'relay' });
});
afterAll(async () => {
  await bus.close();
  await kit.close();
});

const event = (id: string, station = 'CP-1'): EventMessage => ({ id, type: 'transaction.started', tenant: 'acme', station, at: '2026-11-22T12:00:00.000Z', body: { n: id } });

/** Everything in the stream, in its order. */
async function stored(): Promise<{ subject: string; id: string | undefined; message: EventMessage }[]> {
  const streams = await bus.connection.jetstreamManager();
  const { state } = await streams.streams.info(eventStream.name);
  const found = [];
  for (let seq = state.first_seq; seq <= state.last_seq; seq++) {
    const { subject, header, data } = await streams.streams.getMessage(eventStream.name, { seq });
    found.push({ subject, id: header.get('Nats-Msg-Id'), message: JSON.parse(Buffer.from(data).toString()) as EventMessage });
  }
  return found;
}

describe('the stream of events', () => {
  test('stores events in their order, under the subject of their station', async () => {
    const stream = await EventStream.open(bus);
    await stream.publish([event('1'), event('2', 'CP.2 *'), event('3')]);
    expect(await stored()).toEqual([
      { subject: 'events.acme.transaction.started.CP-1', id: '1', message: event('1') },
      { subject: 'events.acme.transaction.started.CP%2E2%20%2A', id: '2', message: event('2', 'CP.2 *') },
      { subject: 'events.acme.transaction.started.CP-1', id: '3', message: event('3') },
    ]);
  });

  test('stores the same id once', async () => {
    const stream = await EventStream.open(bus);
    const before = (await stored()).length;
    await stream.publish([event('10'), event('11')]);
    await stream.publish([event('10'), event('11'), event('12')]);
    expect((await stored()).slice(before).map(({ id }) => id)).toEqual(['10', '11', '12']);
  });

  test('keeps what it holds, its settings and its memory of ids when it is opened again by another process', async () => {
    const streams = await bus.connection.jetstreamManager();
    await (await EventStream.open(bus)).publish([event('20')]);
    // An operator's own settings stay.
    const { config } = await streams.streams.info(eventStream.name);
    await streams.streams.update(eventStream.name, { ...config, max_age: 0 });
    const before = await stored();
    const other = await Bus.connect({ url: kit.natsUrl, name: 'relay' });
    await (await EventStream.open(other)).publish([event('20')]);
    expect(await stored()).toEqual(before);
    expect((await streams.streams.info(eventStream.name)).config.max_age).toBe(0);
    await other.close();
  });

  test('that was lost is made again as soon as an event is to be stored', async () => {
    const stream = await EventStream.open(bus);
    await (await bus.connection.jetstreamManager()).streams.delete(eventStream.name);
    await expect(stream.publish([event('30'), event('31')])).rejects.toMatchObject({ code: '503' });
    await stream.publish([event('30'), event('31')]);
    expect((await stored()).map(({ id }) => id)).toEqual(['30', '31']);
  });

  test('may be opened by two processes at once', async () => {
    const streams = await bus.connection.jetstreamManager();
    await streams.streams.delete(eventStream.name);
    const opened = await Promise.all([EventStream.open(bus), EventStream.open(bus)]);
    await Promise.all(opened.map((stream) => stream.publish([event('30')])));
    expect(await stored()).toHaveLength(1);
  });

  test('fails to publish while NATS is away, and goes on with what it had stored when NATS is back', async () => {
    const stream = await EventStream.open(bus);
    await stream.publish([event('40')]);
    await kit.nats!.crash();
    expect(await stream.publish([event('41')]).then(() => 'stored', () => 'failed')).toBe('failed');
    await kit.nats!.start();
    await eventually('events are taken again', () => stream.publish([event('41')]).then(() => true));
    await stream.publish([event('40')]);
    expect((await stored()).map(({ id }) => id).slice(-2)).toEqual(['40', '41']);
  });
});

test('the subject of an event lets a consumer select a family', () => {
  expect(subjectOf({ tenant: '', type: 'station.connected', station: '>' })).toBe('events.%.station.connected.%3E');
});
