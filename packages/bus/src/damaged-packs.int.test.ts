import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { packed, type Codec, type Reader } from '@ohmnibus/contracts';
import { openTestkit, type Testkit } from '@ohmnibus/testkit';
import { Bus } from './bus.js';

interface Item {
  readonly before: number;
  readonly text: string;
}

/** Writes a number before the text, so that a text that cannot be written leaves something behind. */
const codec: Codec<Item> = {
  write(writer, { before, text }) {
    writer.u32(before);
    writer.text(text);
  },
  read: (reader) => ({ before: reader.u32(), text: reader.text() }),
};
const picky = packed({ subject: 'test.{room}.picky', question: codec, answer: codec, timeoutMs: 3_000 });
const unwritable = undefined as unknown as string;
const fine = (n: number): Item => ({ before: n, text: `fine ${n}` });
const faultOrValue = (asked: Promise<unknown>): Promise<unknown> => asked.catch((fault: unknown) => fault);

let kit: Testkit;
let asker: Bus;
let server: Bus;

const settled = () => Promise.all([asker.connection.flush(), server.connection.flush()]);

beforeAll(async () => {
  kit = await openTestkit({ services: ['nats'] });
  asker = await Bus.connect({ url: kit.natsUrl, name: 'asker' });
  server = await Bus.connect({ url: kit.natsUrl, name: 'server' });
});
afterAll(async () => {
  await Promise.all([asker.close(), server.close()]);
  await kit.close();
});

describe('a pack with something that cannot travel', () => {
  test('fails the question that cannot be written, and only that one', async () => {
    server.serve(picky, { room: 'question' }, (value) => value);
    await settled();
    const asked = [fine(1), { before: 2, text: unwritable }, fine(3)].map((value) => asker.ask(picky, { room: 'question' }, value));
    const [first, second, third] = await Promise.allSettled(asked);
    expect(first).toEqual({ status: 'fulfilled', value: fine(1) });
    expect(second).toMatchObject({ status: 'rejected' });
    expect(third).toEqual({ status: 'fulfilled', value: fine(3) });
    expect(asker.outstanding).toBe(0);
  });

  test.each(['at once', 'later'])('fails the question whose answer, given %s, cannot be written, and only that one', async (when) => {
    const answer = (value: { before: number }) => (value.before === 2 ? { before: 2, text: unwritable } : fine(value.before));
    const serving = server.serve(picky, { room: when }, (value) => (when === 'at once' ? answer(value) : Promise.resolve(answer(value))));
    await settled();
    const [first, second, third] = await Promise.allSettled([1, 2, 3].map((n) => asker.ask(picky, { room: when }, fine(n))));
    expect(first).toEqual({ status: 'fulfilled', value: fine(1) });
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'internal' } });
    expect(third).toEqual({ status: 'fulfilled', value: fine(3) });
    await serving.stop();
  });

  test('fails the question whose answer cannot be read, and only that one', async () => {
    const read = (reader: Reader) => {
      const value = codec.read(reader);
      if (value.before === 2) throw new RangeError('a kind that this build does not know');
      return value;
    };
    const strict = { ...picky, answer: { ...codec, read } };
    server.serve(picky, { room: 'unreadable' }, (value) => value);
    await settled();
    const [first, second, third] = await Promise.allSettled([1, 2, 3].map((n) => asker.ask(strict, { room: 'unreadable' }, fine(n))));
    expect([first, third]).toEqual([fine(1), fine(3)].map((value) => ({ status: 'fulfilled', value })));
    expect(second).toMatchObject({ status: 'rejected', reason: { code: 'internal' } });
  });

  test('splits where questions are large, so that none is larger than a message of NATS', async () => {
    server.serve(picky, { room: 'large' }, ({ before, text }) => ({ before, text: String(text.length) }));
    await settled();
    const sizes = [1, 250_000, 900_000, 10, 900_000];
    const answers = await Promise.all(sizes.map((size, n) => asker.ask(picky, { room: 'large' }, { before: n, text: 'x'.repeat(size) })));
    expect(answers).toEqual(sizes.map((size, n) => ({ before: n, text: String(size) })));
  });

  test('splits where answers are large', async () => {
    server.serve(picky, { room: 'large-answers' }, ({ before, text }) => ({ before, text: 'x'.repeat(Number(text)) }));
    await settled();
    const sizes = [1, 250_000, 900_000, 10, 900_000];
    const answers = await Promise.all(sizes.map((size, n) => asker.ask(picky, { room: 'large-answers' }, { before: n, text: String(size) })));
    expect(answers.map(({ text }) => text.length)).toEqual(sizes);
  });

  test('fails a question or answer that no message of NATS can hold as too large', async () => {
    server.serve(picky, { room: 'too-large' }, ({ before, text }) => ({ before, text: 'x'.repeat(before === 1 ? 1_100_000 : 1) + text.slice(0, 1) }));
    await settled();
    const asked = [{ before: 0, text: 'x'.repeat(1_100_000) }, { before: 1, text: '' }, { before: 2, text: 'y' }].map((value) => faultOrValue(asker.ask(picky, { room: 'too-large' }, value)));
    const [tooLargeQuestion, tooLargeAnswer, good] = await Promise.all(asked);
    expect(tooLargeQuestion).toMatchObject({ code: 'too-large' });
    expect(tooLargeAnswer).toMatchObject({ code: 'too-large' });
    expect(good).toEqual({ before: 2, text: 'xy' });
  });
});

describe('bytes on a subject of packs that are no pack', () => {
  test('leave the server serving', async () => {
    server.serve(picky, { room: 'noise' }, (value) => value);
    await settled();
    for (const noise of ['', 'x', '{"json":true}', '\u0000'.repeat(13)]) asker.connection.publish('test.noise.picky', noise, { reply: 'nowhere.1.1' });
    expect(await asker.ask(picky, { room: 'noise' }, fine(1))).toEqual(fine(1));
  });

  test('leave the asker asking when they come as an answer', async () => {
    server.connection.subscribe('test.bad-answer.picky', {
      callback: (_error, message) => server.connection.publish((message.reply ?? '').replace(/\d+\.\d+$/, '0.0'), Buffer.from([1, 0, 0])),
    });
    server.serve(picky, { room: 'good-answer' }, (value) => value);
    await settled();
    const bad = faultOrValue(asker.ask(picky, { room: 'bad-answer' }, fine(1), 300));
    expect(await bad).toMatchObject({ code: 'deadline-exceeded' });
    expect(await asker.ask(picky, { room: 'good-answer' }, fine(2))).toEqual(fine(2));
  });
});
