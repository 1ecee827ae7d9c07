import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventStream, type EventMessage } from '@ohmnibus/contracts';
import type { EventType } from '@ohmnibus/domain';
import { eventually, openTestkit, type Testkit } from '@ohmnibus/testkit';
import { Bus } from './bus.js';
import { EventStream } from './event-stream.js';
import { EventSubscription } from './event-subscription.js';

let kit: Testkit;
let bus: Bus;
let stream: EventStream;

beforeAll(async () => {
  kit = await openTestkit({ services: ['nats'] });
  bus = await Bus.connect({ url: kit.natsUrl, name: 'relay' });
  stream = await EventStream.open(bus);
});
afterAll(async () => {
  await bus.close();
  await kit.close();
});

let made = 0;
const event = (type: EventType, station = 'CP-1'): EventMessage => ({ id: `${++made}`, type, tenant: 'acme', station, at: '2026-11-22T12:00:00.000Z', body: {} });

/** A subscription that notes which events it was given; `refuse` makes it fail that often first. */
async function subscribe(name: string, type: EventType, refuse = 0) {
  const heard: string[] = [];
  const refusals: number[] = [];
  const subscription = await EventSubscription.open(bus, {
    name,
    type,
    handle: async ({ id }) => {
      heard.push(id);
      if (heard.length <= refuse) throw new Error('not now');
    },
    log: (_event, { attempt }) => refusals.push(attempt as number),
  });
  return { heard, refusals, subscription };
}

test('a subscription is given the events of its type alone, each once', async () => {
  const { heard, subscription } = await subscribe('boots', 'station.booted');
  const boots = [event('station.booted'), event('station.booted', 'CP.2 *')];
  await stream.publish([boots[0]!, event('transaction.started'), boots[1]!]);
  await eventually('both boots are heard', () => heard.length === 2);
  expect(heard.toSorted()).toEqual(boots.map(({ id }) => id));
  await subscription.stop();
});

test('what happens while nobody listens is handled afterwards, and what was handled is not handled again', async () => {
  const first = await subscribe('later', 'station.booted');
  await stream.publish([event('station.booted')]);
  await eventually('the first is heard', () => first.heard.length === 1);
  await first.subscription.stop();

  const missed = event('station.booted');
  await stream.publish([missed]);
  const second = await subscribe('later', 'station.booted');
  await eventually('what was missed is heard', () => second.heard.length === 1);
  expect(second.heard).toEqual([missed.id]);
  expect(first.heard).toHaveLength(1);
  await second.subscription.stop();
});

test('an event whose handler fails comes again', async () => {
  const { heard, refusals, subscription } = await subscribe('stubborn', 'connector.status-changed', 1);
  const only = event('connector.status-changed');
  await stream.publish([only]);
  await eventually('it has come twice', () => heard.length === 2);
  expect(heard).toEqual([only.id, only.id]);
  expect(refusals).toEqual([1]);
  await subscription.stop();
});

test('two processes of one name share the events', async () => {
  const both = await Promise.all([subscribe('shared-name', 'transaction.ended'), subscribe('shared-name', 'transaction.ended')]);
  const events = Array.from({ length: 40 }, () => event('transaction.ended'));
  await stream.publish(events);
  const heard = () => both.flatMap((one) => one.heard);
  await eventually('all are heard', () => heard().length >= 40);
  expect(heard().toSorted()).toEqual(events.map(({ id }) => id).toSorted());
  await Promise.all(both.map(({ subscription }) => subscription.stop()));
});

test('a stream that was lost is heard again, and so it is by the next process of the name', async () => {
  const first = await subscribe('lost', 'station.appeared');
  await (await bus.connection.jetstreamManager()).streams.delete(eventStream.name);
  const [told, later] = [event('station.appeared'), event('station.appeared')];
  await eventually('it can be told', () => stream.publish([told]).then(() => true, () => false));
  await eventually('it is heard', () => first.heard.length > 0, { timeoutMs: 30_000 });
  expect(first.heard).toEqual([told.id]);
  await first.subscription.stop();
  await stream.publish([later]);
  const second = await subscribe('lost', 'station.appeared');
  await eventually('the other is heard as well', () => second.heard.length > 0);
  expect(second.heard).toEqual([later.id]);
  await second.subscription.stop();
});
