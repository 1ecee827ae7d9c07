import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { json, packed, putStation } from '@ohmnibus/contracts';
import { Fault } from '@ohmnibus/domain';
import { eventually, openTestkit, type Testkit } from '@ohmnibus/testkit';
import { Bus } from './bus.js';

const echo = packed({ subject: 'test.{room}.echo', question: json<unknown>(), answer: json<unknown>(), timeoutMs: 5_000 });

let kit: Testkit;
let asker: Bus;
let server: Bus;

beforeEach(async () => {
  kit = await openTestkit({ services: ['nats'] });
  asker = await Bus.connect({ url: kit.natsUrl, name: 'asker' });
  server = await Bus.connect({ url: kit.natsUrl, name: 'server' });
});
afterEach(async () => {
  await Promise.all([asker.close(), server.close()]);
  await kit.close();
});

const settled = () => Promise.all([asker.connection.flush(), server.connection.flush()]);
const faultOf = (asked: Promise<unknown>): Promise<Fault> => asked.then(() => new Fault('internal', 'it was answered'), (fault: Fault) => fault);
const within = async <T>(ms: number, work: Promise<T>): Promise<T> => {
  const start = performance.now();
  const value = await work;
  expect(performance.now() - start).toBeLessThan(ms);
  return value;
};

describe('a NATS server that is killed', () => {
  test('fails what is outstanding in time, and what is asked meanwhile; later questions are answered', async () => {
    let inWork = 0;
    let open: (() => void) | undefined = () => undefined;
    server.serve(echo, { room: 'a' }, (value) => {
      inWork++;
      return open ? new Promise((resolve) => (open = () => resolve(value))) : value;
    });
    server.serve(putStation, {}, () => ({ created: true }));
    await settled();
    const outstanding = faultOf(asker.ask(echo, { room: 'a' }, 'outstanding', 3_000));
    await eventually('it is in work', () => inWork === 1);
    await kit.nats!.crash();
    await eventually('both sides have noticed', () => !asker.connected && !server.connected);
    const meanwhile = [faultOf(asker.ask(echo, { room: 'a' }, 'meanwhile', 3_000)), faultOf(asker.ask(putStation, {}, { tenant: 't', station: 's' }, 3_000))];
    for (const fault of await within(10_000, Promise.all([outstanding, ...meanwhile]))) expect(fault.code).toMatch(/^(deadline-exceeded|unavailable)$/);
    open = undefined;
    const handled = inWork;
    await kit.nats!.start();
    await eventually('both are connected again', () => asker.connected && server.connected);
    await settled();
    expect(await asker.ask(echo, { room: 'a' }, 'later')).toBe('later');
    expect(await asker.ask(putStation, {}, { tenant: 't', station: 's' })).toEqual({ created: true });
    // What was asked meanwhile has expired: it is not handled when it arrives after all.
    expect(inWork).toBe(handled + 1);
  });

  test('does not keep a server from stopping, nor a bus from closing', async () => {
    const serving = server.serve(echo, { room: 'a' }, (value) => value);
    await settled();
    await kit.nats!.crash();
    await eventually('it is noticed', () => !server.connected && !asker.connected);
    await within(10_000, serving.stop());
    await within(10_000, server.close());
    await within(10_000, asker.close());
    await kit.nats!.start();
  });

  test('cannot be connected to: a fault that passes', async () => {
    await kit.nats!.stop();
    expect(await faultOf(Bus.connect({ url: kit.natsUrl, name: 'early' }))).toMatchObject({ code: 'unavailable' });
    await kit.nats!.start();
    await eventually('those that were connected before are again', () => asker.connected && server.connected);
  });
});

describe('a bus that is closed', () => {
  test('fails what is outstanding and what is asked afterwards, at once', async () => {
    let inWork = false;
    server.serve(echo, { room: 'a' }, () => {
      inWork = true;
      return new Promise<never>(() => undefined);
    });
    server.serve(putStation, {}, () => ({ created: true }));
    await settled();
    const outstanding = faultOf(asker.ask(echo, { room: 'a' }, 1));
    await eventually('it is in work', () => inWork);
    await asker.close();
    expect(await within(4_000, outstanding)).toMatchObject({ code: 'unavailable' });
    expect(await within(4_000, faultOf(asker.ask(echo, { room: 'a' }, 2)))).toMatchObject({ code: 'unavailable' });
    expect(await within(4_000, faultOf(asker.ask(echo, { room: 'never asked before' }, 3)))).toMatchObject({ code: 'unavailable' });
    expect(await within(4_000, faultOf(asker.ask(putStation, {}, { tenant: 't', station: 's' })))).toMatchObject({ code: 'unavailable' });
    expect(asker.connected).toBe(false);
  });

  test('sends what was asked in its last turn', async () => {
    const handled: unknown[] = [];
    server.serve(echo, { room: 'a' }, (value) => handled.push(value));
    await settled();
    const asked = faultOf(asker.ask(echo, { room: 'a' }, 'last words'));
    await asker.close();
    await asked;
    await eventually('it was heard', () => handled.length === 1);
  });
});
