import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { broadcast, deleteStation, putStation, question, stationChanged } from '@ohmnibus/contracts';
import { Fault } from '@ohmnibus/domain';
import { eventually, openTestkit, type Testkit } from '@ohmnibus/testkit';
import type { Msg } from 'nats';
import { Bus } from './bus.js';

let kit: Testkit;
let asker: Bus;
let server: Bus;
const logged: string[] = [];

const settled = () => Promise.all([asker.connection.flush(), server.connection.flush()]);
const faultOf = (asked: Promise<unknown>): Promise<Fault> => asked.then(() => new Fault('internal', 'it was answered'), (fault: Fault) => fault);
/** A question as another language would ask it: bytes on a subject. */
const raw = (subject: string, text: string): Promise<Msg> => asker.connection.request(subject, text, { timeout: 15_000 });

beforeAll(async () => {
  kit = await openTestkit({ services: ['nats'] });
  asker = await Bus.connect({ url: kit.natsUrl, name: 'asker', log: (event) => logged.push(event) });
  server = await Bus.connect({ url: kit.natsUrl, name: 'server', log: (event) => logged.push(event) });
});
afterAll(async () => {
  await Promise.all([asker.close(), server.close()]);
  await kit.close();
});

describe('a JSON question', () => {
  test('is answered, by any client', async () => {
    const serving = server.serve(putStation, {}, ({ station }) => ({ created: station === 'new' }));
    await settled();
    expect(await asker.ask(putStation, {}, { tenant: 'acme', station: 'new' })).toEqual({ created: true });
    expect((await raw('session.station.put', '{"tenant":"acme","station":"old"}')).json()).toEqual({ created: false });
    await serving.stop();
  });

  test.each([
    ['is not JSON', 'no json', 'unreadable'],
    ['is empty', '', 'unreadable'],
    ['lacks a field', '{"tenant":"acme"}', 'bad-value'],
    ['has a field of another type', '{"tenant":"acme","station":7}', 'bad-value'],
  ])('that %s is answered with a fault, in the headers that NATS services use and in the body', async (_what, text, code) => {
    const serving = server.serve(putStation, {}, () => ({ created: true }));
    await settled();
    const reply = await raw('session.station.put', text);
    expect(reply.headers?.get('Nats-Service-Error-Code')).toBe(code);
    expect(reply.headers?.get('Nats-Service-Error')).not.toBe('');
    expect(reply.json()).toMatchObject({ code });
    await serving.stop();
  });

  test('that does not fit its contract names every field at fault', async () => {
    const serving = server.serve(putStation, {}, () => ({ created: true }));
    await settled();
    const fault = await faultOf(asker.ask(putStation, {}, { tenant: 'acme', station: 'a:b', password: 'short' }));
    expect(fault).toMatchObject({ code: 'bad-value', details: { problems: [{ path: 'station' }, { path: 'password' }] } });
    await serving.stop();
  });

  test('comes back with the other side’s fault, whatever its text', async () => {
    const serving = server.serve(deleteStation, {}, ({ station }) => {
      throw station === 'fault' ? new Fault('conflict', 'zwei\r\nZeilen 充電', { by: 'x' }) : new TypeError('a defect');
    });
    await settled();
    expect(await faultOf(asker.ask(deleteStation, {}, { tenant: 't', station: 'fault' }))).toMatchObject({ code: 'conflict', message: 'zwei\r\nZeilen 充電', details: { by: 'x' } });
    expect(await faultOf(asker.ask(deleteStation, {}, { tenant: 't', station: 'defect' }))).toMatchObject({ code: 'internal', message: 'a defect' });
    await serving.stop();
  });

  test('fails at once where nobody serves, and in time where nobody answers', async () => {
    expect(await faultOf(asker.ask(deleteStation, {}, { tenant: 't', station: 's' }))).toMatchObject({ code: 'unavailable', details: { noResponders: true } });
    const serving = server.serve(deleteStation, {}, () => new Promise<never>(() => undefined));
    await settled();
    expect(await faultOf(asker.ask(deleteStation, {}, { tenant: 't', station: 's' }, 100))).toMatchObject({ code: 'deadline-exceeded' });
    void serving; // Its question is in work for ever: it cannot be stopped in order.
  });

  test('whose answer does not fit the contract is a fault, not a guess', async () => {
    const wrong = question({ subject: 'test.wrong', question: putStation.question, answer: putStation.answer, timeoutMs: 15_000 });
    server.serve(wrong, {}, () => ({ created: 'perhaps' }) as unknown as { created: boolean });
    server.connection.subscribe('test.no-json', { callback: (_error, message) => void message.respond('no json') });
    await settled();
    const asked = { tenant: 't', station: 's' };
    expect(await faultOf(asker.ask(wrong, {}, asked))).toMatchObject({ name: 'Fault', code: 'internal' });
    expect(await faultOf(asker.ask({ ...wrong, subject: 'test.no-json' }, {}, asked))).toMatchObject({ name: 'Fault', code: 'internal' });
  });

  test('whose answer is larger than a message can be is a fault', async () => {
    const large = question({ subject: 'test.large', question: putStation.question, answer: deleteStation.question, timeoutMs: 15_000 });
    server.serve(large, {}, () => ({ tenant: 'x'.repeat(1_100_000), station: '' }));
    await settled();
    expect(await faultOf(asker.ask(large, {}, { tenant: 't', station: 's' }))).toMatchObject({ code: 'too-large' });
  });

  test('that is larger than a message can be is a fault', async () => {
    const large = question({ subject: 'test.large-question', question: deleteStation.question, answer: deleteStation.question, timeoutMs: 15_000 });
    server.serve(large, {}, (asked) => asked);
    await settled();
    const fault = await faultOf(asker.ask(large, {}, { tenant: 'x'.repeat(1_100_000), station: 's' }));
    expect(fault).toMatchObject({ code: 'too-large' });
    expect(fault.details['noResponders']).toBeUndefined();
  });

  test('in work is answered before its server has stopped', async () => {
    let release: () => void = () => undefined;
    let inWork = false;
    const slow = { ...putStation, subject: 'test.slow' as const };
    const serving = server.serve(slow, {}, () => {
      inWork = true;
      return new Promise<{ created: boolean }>((resolve) => (release = () => resolve({ created: true })));
    });
    await settled();
    const asked = asker.ask(slow, {}, { tenant: 't', station: 's' });
    await eventually('it is in work', () => inWork);
    const stopped = serving.stop();
    release();
    expect(await asked).toEqual({ created: true });
    await stopped;
  });
});

describe('a broadcast', () => {
  test('reaches everybody who listens, also two of one name', async () => {
    const twin = await Bus.connect({ url: kit.natsUrl, name: 'server' });
    const heard: string[] = [];
    for (const [who, bus] of Object.entries({ asker, server, twin })) bus.listen(stationChanged, {}, ({ station }) => heard.push(`${who} ${station}`));
    await Promise.all([settled(), twin.connection.flush()]);
    asker.tell(stationChanged, {}, { tenant: 't', station: 'CP-1', change: 'deleted' });
    await eventually('everybody has heard', () => heard.length === 3);
    expect(heard.toSorted()).toEqual(['asker CP-1', 'server CP-1', 'twin CP-1']);
    await twin.close();
  });

  test('that does not fit its contract is dropped, and so is one that a listener fails on; later ones are heard', async () => {
    const odd = broadcast({ subject: 'test.{room}.odd', event: stationChanged.event });
    const heard: string[] = [];
    server.listen(odd, { room: 'a.b' }, ({ station }) => {
      if (station === 'fails') throw new Error('a defect of the listener');
      heard.push(station);
    });
    await settled();
    logged.length = 0;
    asker.connection.publish('test.a%2Eb.odd', 'no json');
    asker.connection.publish('test.a%2Eb.odd', '{"tenant":"t"}');
    asker.tell(odd, { room: 'a.b' }, { tenant: 't', station: 'fails', change: 'deleted' });
    asker.tell(odd, { room: 'other' }, { tenant: 't', station: 'elsewhere', change: 'deleted' });
    asker.tell(odd, { room: 'a.b' }, { tenant: 't', station: 'good', change: 'deleted' });
    await eventually('the good one is heard', () => heard.length > 0);
    expect(heard).toEqual(['good']);
    expect(logged.filter((event) => event === 'broadcast-dropped')).toHaveLength(2);
    expect(logged).toContain('broadcast-failed');
  });
});
