import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { gatewayCall, json, packed, stationCall, type GatewayCall, type GatewayCallOutcome, type StationCall } from '@ohmnibus/contracts';
import { Fault } from '@ohmnibus/domain';
import { eventually, openTestkit, type Testkit } from '@ohmnibus/testkit';
import { Bus, type BusOptions } from './bus.js';

/** A question of the tests' own: codec and timeout as short as they like. */
const echo = packed({ subject: 'test.{room}.echo', question: json<unknown>(), answer: json<unknown>(), timeoutMs: 5_000 });

let kit: Testkit;
const buses: Bus[] = [];
const logged: string[] = [];

async function connect(name: string, options: Partial<BusOptions> = {}): Promise<Bus> {
  const bus = await Bus.connect({ url: kit.natsUrl, name, log: (event) => logged.push(event), ...options });
  buses.push(bus);
  return bus;
}

/** Waits until the server knows of every subscription so far. */
const settled = () => Promise.all(buses.filter((bus) => bus.connected).map((bus) => bus.connection.flush()));
const faultOf = (asked: Promise<unknown>): Promise<Fault> => asked.then(() => new Fault('internal', 'it was answered'), (fault: Fault) => fault);

let asker: Bus;
let server: Bus;

beforeAll(async () => {
  kit = await openTestkit({ services: ['nats'] });
  [asker, server] = await Promise.all([connect('asker'), connect('server')]);
});
afterAll(async () => {
  await Promise.all(buses.map((bus) => bus.close()));
  await kit.close();
});

const call = (n: number): StationCall => ({
  origin: { tenant: 'acme', station: `CP-${n}`, protocol: 'v16', epoch: 1, frame: n, receivedAt: new Date(n) },
  messageId: `m-${n}`,
  action: 'Heartbeat',
  payload: Buffer.from(`{"n":${n}}`),
});

describe('packed questions', () => {
  test('get each their own answer, thousands of them in flight and answered in another order', async () => {
    const waiting: (() => void)[] = [];
    let seen = 0;
    server.serve(stationCall, { service: 'crowd' }, (asked) => {
      seen++;
      const answer = () => ({ kind: 'result' as const, payload: `${asked.origin.station} ${asked.messageId} ${asked.payload.toString()} ${'x'.repeat(asked.origin.frame % 700)}` });
      if (asked.origin.frame % 3 === 0) return answer();
      return new Promise((resolve) => waiting.push(() => resolve(answer())));
    });
    await settled();
    const answers = Promise.all(Array.from({ length: 5_000 }, (_, n) => asker.ask(stationCall, { service: 'crowd', shard: String(n % 3) }, call(n))));
    await eventually('all questions have arrived', () => seen === 5_000);
    expect(asker.outstanding).toBeGreaterThan(3_000);
    for (const answer of waiting.toReversed()) answer();
    const wrong = (await answers).filter((answer, n) => answer.kind !== 'result' || answer.payload !== `CP-${n} m-${n} {"n":${n}} ${'x'.repeat(n % 700)}`);
    expect(wrong).toEqual([]);
    expect(asker.outstanding).toBe(0);
  });

  test('of one event-loop turn travel in one NATS message, and so do their answers', async () => {
    const onTheWire: string[] = [];
    const tap = await connect('tap');
    tap.connection.subscribe('test.turn.echo', { callback: (_error, { reply }) => onTheWire.push(reply ?? '') });
    server.serve(echo, { room: 'turn' }, (value) => value);
    await settled();
    let packsOfAnswers = 0;
    tap.connection.subscribe('_INBOX.>', { callback: () => packsOfAnswers++ });
    await settled();
    const answers = await Promise.all(Array.from({ length: 100 }, (_, n) => asker.ask(echo, { room: 'turn' }, n)));
    expect(answers).toEqual(Array.from({ length: 100 }, (_, n) => n));
    await settled();
    expect(onTheWire).toHaveLength(1);
    expect(packsOfAnswers).toBe(1);
  });

  test('that are packs by themselves travel each on its own', async () => {
    const alone = packed({ ...echo, subject: 'test.{room}.alone', alone: true });
    server.serve(alone, { room: 'packs' }, (value) => value);
    await settled();
    const messages = asker.connection.stats().outMsgs;
    expect(await Promise.all(['a', 'b', 'c'].map((value) => asker.ask(alone, { room: 'packs' }, value)))).toEqual(['a', 'b', 'c']);
    expect(asker.connection.stats().outMsgs - messages).toBe(3);
  });

  test('come back with the other side’s fault, its code and details', async () => {
    server.serve(echo, { room: 'faults' }, (value) => {
      if (value === 'sync') throw new Fault('conflict', 'it is taken', { by: 'CP-2', path: ['a', 0] });
      return Promise.reject(value === 'defect' ? new TypeError('x is not a function') : new Fault('overloaded', 'später'));
    });
    await settled();
    expect(await faultOf(asker.ask(echo, { room: 'faults' }, 'sync'))).toMatchObject({ code: 'conflict', message: 'it is taken', details: { by: 'CP-2', path: ['a', 0] } });
    expect(await faultOf(asker.ask(echo, { room: 'faults' }, 'async'))).toMatchObject({ code: 'overloaded', message: 'später', details: {} });
    expect(await faultOf(asker.ask(echo, { room: 'faults' }, 'defect'))).toMatchObject({ code: 'internal', message: 'x is not a function' });
    expect(logged).toContain('question-failed');
  });

  test('fail at once where nobody serves, and only those of that subject', async () => {
    let release: (answer: unknown) => void = () => undefined;
    server.serve(echo, { room: 'slow' }, () => new Promise((resolve) => (release = resolve)));
    await settled();
    const other = asker.ask(echo, { room: 'slow' }, 1);
    await eventually('the question is in work', () => release.length === 1);
    const start = performance.now();
    const faults = await Promise.all(Array.from({ length: 10 }, (_, n) => faultOf(asker.ask(echo, { room: 'nobody' }, n))));
    expect(performance.now() - start).toBeLessThan(4_000);
    for (const fault of faults) expect(fault).toMatchObject({ code: 'unavailable', details: { noResponders: true } });
    release('still here');
    expect(await other).toBe('still here');
  });

  test('fail where nobody serves with that pack alone: earlier ones of the subject wait on', async () => {
    let release: (answer: unknown) => void = () => undefined;
    const serving = server.serve(echo, { room: 'leaves' }, () => new Promise((resolve) => (release = resolve)));
    await settled();
    const early = asker.ask(echo, { room: 'leaves' }, 'early');
    await eventually('the question is in work', () => release.length === 1);
    const stopped = serving.stop();
    await server.connection.flush();
    await eventually('nobody takes new questions', async () => (await faultOf(asker.ask(echo, { room: 'leaves' }, 'late', 500))).details.noResponders);
    release('an answer after all');
    expect(await early).toBe('an answer after all');
    await stopped;
  });

  test('fail when their time is over, and a late answer is nobody’s', async () => {
    let release: (answer: unknown) => void = () => undefined;
    server.serve(echo, { room: 'late' }, (value) => (value === 'wait' ? new Promise((resolve) => (release = resolve)) : value));
    await settled();
    const fault = await faultOf(asker.ask(echo, { room: 'late' }, 'wait', 100));
    expect(fault).toMatchObject({ code: 'deadline-exceeded' });
    release('too late');
    expect(await asker.ask(echo, { room: 'late' }, 'next')).toBe('next');
    expect(asker.outstanding).toBe(0);
  });

  test('are not handled any more when nobody waits for them', async () => {
    const handled: unknown[] = [];
    server.serve(echo, { room: 'expired' }, (value) => handled.push(value));
    await settled();
    const expired = faultOf(asker.ask(echo, { room: 'expired' }, 'old', -1));
    await asker.ask(echo, { room: 'expired' }, 'new');
    expect(await expired).toMatchObject({ code: 'deadline-exceeded' });
    expect(handled).toEqual(['new']);
    expect(logged).toContain('question-expired');
  });

  test('fail as overloaded beyond so many outstanding, and pass again when those are answered', async () => {
    const narrow = await connect('narrow', { maxPending: 3 });
    let release: () => void = () => undefined;
    const open = new Promise<void>((resolve) => (release = resolve));
    server.serve(echo, { room: 'narrow' }, async (value) => {
      await open;
      return value;
    });
    await settled();
    const taken = [1, 2, 3].map((n) => narrow.ask(echo, { room: 'narrow' }, n));
    expect(await faultOf(narrow.ask(echo, { room: 'narrow' }, 4))).toMatchObject({ code: 'overloaded' });
    release();
    expect(await Promise.all(taken)).toEqual([1, 2, 3]);
    expect(await narrow.ask(echo, { room: 'narrow' }, 5)).toBe(5);
  });

  test('are shared by two servers of one name', async () => {
    const [one, two] = await Promise.all([connect('pair'), connect('pair')]);
    const shares = [0, 0];
    one.serve(echo, { room: 'pair' }, () => ++shares[0]!);
    two.serve(echo, { room: 'pair' }, () => ++shares[1]!);
    await settled();
    for (let n = 0; n < 60; n++) await asker.ask(echo, { room: 'pair' }, n);
    expect(shares[0]! + shares[1]!).toBe(60);
    expect(Math.min(...shares)).toBeGreaterThan(5);
  });

  test('in work are answered before a server that stops has stopped', async () => {
    const leaving = await connect('leaving');
    let release: () => void = () => undefined;
    const open = new Promise<void>((resolve) => (release = resolve));
    let inWork = 0;
    const serving = leaving.serve(echo, { room: 'leaving' }, async (value) => {
      inWork++;
      await open;
      return value;
    });
    await settled();
    const asked = Promise.all(Array.from({ length: 50 }, (_, n) => asker.ask(echo, { room: 'leaving' }, n)));
    await eventually('they are in work', () => inWork === 50);
    let stopped = false;
    const stop = serving.stop().then(() => (stopped = true));
    await leaving.connection.flush();
    expect(stopped).toBe(false);
    release();
    await stop;
    await leaving.close();
    expect(await asked).toEqual(Array.from({ length: 50 }, (_, n) => n));
  });

  test.each(['CP.1', '*', '>', ' ', 'Säule 7 充電', '', '%', 'a.b.c', 'CP.1.*'])('reach exactly the server of a pod called %j', async (pod) => {
    const others = ['plain', '.', 'CP'].filter((other) => other !== pod);
    const outcome = (name: string) => (): GatewayCallOutcome => ({ kind: 'result', payload: name });
    const servings = [pod, ...others].map((name) => server.serve(gatewayCall, { pod: name }, outcome(name)));
    await settled();
    const question: GatewayCall = { tenant: 't', station: 's', id: '1', epoch: 1, deadline: 0, answerTimeoutMs: 1, action: 'Reset', payload: '{}' };
    expect(await asker.ask(gatewayCall, { pod }, question, 3_000)).toEqual({ kind: 'result', payload: pod });
    await Promise.all(servings.map((serving) => serving.stop()));
    expect(await faultOf(asker.ask(gatewayCall, { pod }, question, 3_000))).toMatchObject({ details: { noResponders: true } });
  });
});
