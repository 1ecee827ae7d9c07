import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventStream } from '@ohmnibus/contracts';
import { eventually, openTestkit, type Testkit } from '@ohmnibus/testkit';
import { AckPolicy } from 'nats';
import { Bus } from './bus.js';
import { EventStream } from './event-stream.js';
import { EventSubscription } from './event-subscription.js';
import { retireSubscription } from './retire-subscription.js';

let kit: Testkit;
let bus: Bus;
let stream: EventStream;

beforeAll(async () => {
  kit = await openTestkit({ services: ['nats'] });
  bus = await Bus.connect({ url: kit.natsUrl, name: 'retire' });
  stream = await EventStream.open(bus);
});
afterAll(async () => {
  await bus.close();
  await kit.close();
});

const booted = (name: string) => ({ name, type: 'station.booted' }) as const;
/** A process that listens; it leaves by what is returned. */
async function listen(name: string, heard: string[] = []): Promise<() => Promise<void>> {
  const own = await Bus.connect({ url: kit.natsUrl, name: 'older' });
  const subscription = await EventSubscription.open(own, { ...booted(name), handle: async ({ id }) => void heard.push(id) });
  return async () => {
    await subscription.stop();
    await own.close();
    await eventually('nobody listens', async () => (await (await consumers()).info(eventStream.name, name)).num_waiting === 0);
  };
}
const consumers = async () => (await bus.connection.jetstreamManager()).consumers;
const names = async () => (await (await consumers()).list(eventStream.name).next()).map(({ name }) => name);

test('a subscription that nobody listens to is gone, once, whoever else removes it at the same time', async () => {
  await (await listen('left'))();
  const outcomes = await Promise.all([1, 2, 3].map(() => retireSubscription(bus, booted('left'))));
  expect(outcomes.filter((gone) => gone)).toHaveLength(1);
  expect(await names()).not.toContain('left');
  expect(await retireSubscription(bus, booted('left'))).toBe(false);
});

test('a subscription that an older process still listens to, or has just been given events of, stays', async () => {
  const heard: string[] = [];
  const leave = await listen('in-use', heard);
  await eventually('it listens', async () => (await (await consumers()).info(eventStream.name, 'in-use')).num_waiting > 0);
  expect(await retireSubscription(bus, booted('in-use'))).toBe(false);
  await stream.publish([{ id: 'r-1', type: 'station.booted', tenant: 'acme', station: 'CP-1', at: new Date().toISOString(), body: {} }]);
  await eventually('it hears', () => heard.length === 1);
  await leave();
  expect(await retireSubscription(bus, booted('in-use'))).toBe(false);
  expect(await names()).toContain('in-use');
});

test('a consumer of the same name that is not ours stays', async () => {
  await (await consumers()).add(eventStream.name, { durable_name: 'not-ours', filter_subject: 'events.acme.>', ack_policy: AckPolicy.Explicit });
  expect(await retireSubscription(bus, booted('not-ours'))).toBe(false);
  expect(await names()).toContain('not-ours');
});
