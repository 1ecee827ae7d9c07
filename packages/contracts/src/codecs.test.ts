import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { protocolVersions } from '@ohmnibus/domain';
import { admission } from './admission.js';
import { json, nothing, Reader, Writer, type Codec } from './binary.js';
import { connectionReport, sighting } from './connection.js';
import { gatewayCall } from './gateway-control.js';
import { directions, packExchanges, readExchanges, readStretch, readStretches, writeExchange, writeStretch, type Stretch } from './message-log.js';
import { stationCall } from './station-call.js';

/** A small generator of its own, so that a failure can be repeated by its seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const texts = ['', 'CP-1', 'a'.repeat(64), 'a'.repeat(65), 'é'.repeat(64), 'x'.repeat(63) + 'ü', 'Ladesäule 7', '充電', '🔌🔋', 'with\nline\u0000nul', '.*>', 'z'.repeat(20_000)];
const numbers = [0, 1, 7, 2 ** 42 + 5, Number.MAX_SAFE_INTEGER];
const frames = [0, 1, 65_536, 0xffffffff];
const times = [0, Date.UTC(1970, 0, 1), Date.UTC(2026, 10, 22, 12, 0, 0, 123), Date.UTC(2036, 1, 7), -1].map((ms) => new Date(ms));
const blobs = [Buffer.alloc(0), Buffer.from('{}'), Buffer.from([0, 0xff, 0x3a, 0x80]), Buffer.alloc(20_000, 7)];

const quirks = [undefined, {}, { accepts: ['nulls' as const], energyFactors: { Wh: 1000 }, settleSeconds: 3 }];

const stretches: Codec<Stretch> = { write: writeStretch, read: readStretch };

interface Case<T> {
  readonly codec: Codec<T>;
  /** A value drawn from the lists of odd ones. */
  readonly draw: (pick: <V>(from: readonly V[]) => V) => T;
}

const known = <T>(codec: Codec<T>, draw: Case<T>['draw']): Case<unknown> => ({ codec, draw });

const codecs: Record<string, Case<unknown>> = {
  'a call of a station': known(stationCall.question, (pick) => ({
    origin: { tenant: pick(texts), station: pick(texts), protocol: pick(protocolVersions), epoch: pick(numbers), frame: pick(frames), receivedAt: pick(times) },
    messageId: pick(texts),
    action: pick(texts),
    payload: pick(blobs),
    quirks: pick(quirks),
    connected: pick([undefined, { pod: pick(texts), remoteAddress: pick(texts), at: pick(times) }]),
  })),
  'an answer to a station': known(stationCall.answer, (pick) =>
    pick([true, false]) ? { kind: 'result' as const, payload: pick(texts), ...pick([{}, { standing: { registration: 'Pending' as const, booted: true } }]) } : { kind: 'error' as const, code: pick(texts), description: pick(texts), details: pick(texts) },
  ),
  'a stretch of exchanges': known(stretches, (pick) => ({
    tenant: pick(texts),
    station: pick(texts),
    protocol: pick(protocolVersions),
    epoch: pick(numbers),
    beganAt: pick(times),
    endedAt: pick(times),
    direction: pick(directions),
    frame: pick(frames),
    count: pick(frames),
    secrets: pick([true, false]),
    exchanges: pick(blobs),
  })),
  'a report of a connection': known(connectionReport.question, (pick) => ({
    phase: pick(['connected', 'disconnected'] as const),
    protocol: pick(protocolVersions),
    epoch: pick(numbers),
    at: pick(times),
    tenant: pick(texts),
    station: pick(texts),
    pod: pick(texts),
    remoteAddress: pick(texts),
  })),
  'a sighting': known(sighting.question, (pick) => ({ at: pick(times), tenant: pick(texts), station: pick(texts) })),
  'a question of admission': known(admission.question, (pick) => {
    const password = pick([undefined, ...blobs]);
    const certificate = pick([undefined, { der: pick(blobs), verdict: pick(texts) }]);
    const protocol = pick([undefined, 'v16' as const, 'v201' as const]);
    return { tenant: pick(texts), station: pick(texts), username: password && pick(texts), password, secure: pick([true, false]), certificate, protocol };
  }),
  'an admission': known(admission.answer, (pick) => pick([{ verdict: 'admitted' }, { verdict: 'unknown' }, { verdict: 'unauthenticated', reason: pick(texts) }])),
  'a call to a station': known(gatewayCall.question, (pick) => ({
    tenant: pick(texts),
    station: pick(texts),
    id: pick(texts),
    epoch: pick(numbers),
    deadline: pick(numbers),
    answerTimeoutMs: pick(frames),
    action: pick(texts),
    payload: pick(texts),
  })),
  'the outcome of a call to a station': known(gatewayCall.answer, (pick) =>
    pick([
      { kind: 'result' as const, payload: pick(texts) },
      { kind: 'error' as const, code: pick(texts), description: pick(texts), details: { more: [1, null, pick(texts)] } },
      { kind: 'stale' as const },
      { kind: 'not-written' as const, reason: 'expired' as const },
      { kind: 'unanswered' as const, reason: 'timeout' as const },
    ]),
  ),
  JSON: known(json<unknown>(), (pick) => pick<unknown>([null, 0, false, '', [], {}, { text: pick(texts) }, Number.MAX_SAFE_INTEGER])),
};

function pickerOf(seed: number): <V>(from: readonly V[]) => V {
  const next = random(seed);
  return (from) => from[Math.floor(next() * from.length)]!;
}

function errorOf(work: () => unknown): unknown {
  try {
    work();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe.each(Object.entries(codecs))('%s', (_name, { codec, draw }) => {
  test('comes out of a pack as it went in, many in a row', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const pick = pickerOf(seed);
      const values = [draw(pick), draw(pick), draw(pick)];
      const writer = new Writer();
      for (const value of values) codec.write(writer, value);
      const reader = new Reader(writer.take());
      const read = values.map(() => codec.read(reader));
      // Jest compares buffers a byte at a time.
      if (!isDeepStrictEqual(read, values)) expect({ seed, read }).toEqual({ seed, read: values });
      expect(reader.done).toBe(true);
    }
  });

  test('is refused with an error where its pack is cut short, wherever that is', () => {
    for (let seed = 1; seed <= 20; seed++) {
      const writer = new Writer();
      codec.write(writer, draw(pickerOf(seed)));
      const pack = writer.take();
      const accepted: number[] = [];
      // The long texts are cut here and there only.
      for (let length = 0; length < pack.length; length += Math.max(1, Math.floor(pack.length / 200))) {
        if (!(errorOf(() => codec.read(new Reader(pack.subarray(0, length)))) instanceof RangeError)) accepted.push(length);
      }
      expect({ seed, accepted }).toEqual({ seed, accepted: [] });
    }
  });
});

describe('the exchanges of a stretch', () => {
  const of = { tenant: 't', station: 's', protocol: 'v16', epoch: 1 } as const;
  const exchange = { direction: 'to-station', at: new Date(0), latencyMs: 2, messageId: 'm', action: 'a' } as const;

  test('are taken apart in the order in which they were written, text as its bytes', () => {
    const writer = new Writer();
    writeExchange(writer, { ...exchange, frame: 1, request: 'é', answer: undefined });
    writeExchange(writer, { ...exchange, frame: 2, request: Buffer.from([0xff]), answer: '' });
    expect(readExchanges({ ...of, exchanges: writer.written })).toEqual([
      { ...of, ...exchange, frame: 1, request: Buffer.from('é'), answer: undefined },
      { ...of, ...exchange, frame: 2, request: Buffer.from([0xff]), answer: Buffer.alloc(0) },
    ]);
  });

  test.each([0, 1, 2_000, 40_000])('are packed where that is worth it, and come out as they went in: a frame of %i bytes', (bytes) => {
    const values = (['from-station', 'to-station'] as const).map((direction) => ({ ...exchange, direction, frame: 1, request: Buffer.from('{"a":1}'.repeat(bytes).slice(0, bytes)), answer: Buffer.from('[]') }));
    const writer = new Writer();
    for (const value of values) writeExchange(writer, value);
    const packed = packExchanges(writer.written);
    expect(packed.length < writer.length / 4).toBe(bytes > 1);
    expect(readExchanges({ ...of, exchanges: packed })).toEqual(values.map((value) => ({ ...of, ...value })));
    expect(errorOf(() => readExchanges({ ...of, exchanges: packed.subarray(0, packed.length - 1) }))).toBeInstanceOf(RangeError);
  });

  test('come out as they went in, however odd, and are refused where they are cut short', () => {
    for (let seed = 1; seed <= 100; seed++) {
      const pick = pickerOf(seed);
      const value = {
        direction: pick(directions),
        frame: pick(frames),
        at: pick(times),
        latencyMs: pick(frames),
        messageId: pick(texts),
        action: pick(texts),
        request: pick(blobs),
        answer: pick([...blobs, undefined]),
      };
      const writer = new Writer();
      writeExchange(writer, value);
      const bytes = writer.written;
      for (const exchanges of [bytes, packExchanges(bytes)]) {
        if (!isDeepStrictEqual(readExchanges({ ...of, exchanges }), [{ ...of, ...value }])) expect({ seed }).toEqual('as it went in');
      }
      expect(errorOf(() => readExchanges({ ...of, exchanges: bytes.subarray(0, bytes.length - 1) }))).toBeInstanceOf(RangeError);
    }
  });
});

test('a pack holds stretches, one after the other', () => {
  const stretch = { tenant: 't', station: 's', protocol: 'v16', epoch: 1, beganAt: new Date(1), endedAt: new Date(2), direction: 'from-station', frame: 3, count: 1, secrets: false } as const;
  const both = [{ ...stretch, exchanges: Buffer.from('a') }, { ...stretch, secrets: true, exchanges: Buffer.alloc(0) }];
  const writer = new Writer();
  for (const one of both) writeStretch(writer, one);
  expect(readStretches(writer.take())).toEqual(both);
});

test('nothing takes no room in a pack', () => {
  const writer = new Writer();
  nothing.write(writer, undefined);
  expect(writer.length).toBe(0);
  expect(nothing.read(new Reader(writer.take()))).toBeUndefined();
});

describe('a version or direction that a newer build has added', () => {
  const call = { origin: { tenant: 't', station: 's', protocol: 'v16' as const, epoch: 1, frame: 1, receivedAt: new Date(0) }, messageId: 'm', action: 'a', payload: Buffer.from('{}') };
  const report = { phase: 'connected' as const, protocol: 'v16' as const, epoch: 1, at: new Date(0), tenant: 't', station: 's', pod: 'p', remoteAddress: 'r' };
  const moment = new Date(0);
  const stretch = { tenant: 't', station: 's', protocol: 'v16', epoch: 1, beganAt: moment, endedAt: moment, direction: 'from-station', frame: 1, count: 1, secrets: false, exchanges: Buffer.alloc(0) } as const;
  const bytesOf = <T>(codec: Codec<T>, value: T): Buffer => {
    const writer = new Writer();
    codec.write(writer, value);
    return writer.take();
  };

  test.each([
    ['a call', stationCall.question, bytesOf(stationCall.question, call), 0],
    ['a report', connectionReport.question, bytesOf(connectionReport.question, report), 1],
    ['a stretch, by its version', stretches, bytesOf(stretches, stretch), 10],
    ['a stretch, by its direction', stretches, bytesOf(stretches, stretch), 35],
  ] as const)('is refused, not guessed: %s', (_what, codec, bytes, at) => {
    bytes[at] = 200;
    expect(() => (codec as Codec<unknown>).read(new Reader(bytes))).toThrow('this build does not know');
  });
});

describe('a pack', () => {
  test('is the caller’s once taken: what is written afterwards does not change it', () => {
    const writer = new Writer(8);
    writer.text('first');
    const first = writer.take();
    const copy = Buffer.from(first);
    writer.text('a second, longer text that needs more room than the writer began with');
    expect(first).toEqual(copy);
    expect(new Reader(writer.take()).text()).toMatch(/^a second/);
  });

  test('keeps a text that makes it grow', () => {
    const writer = new Writer(100);
    const text = 'an answer '.repeat(20);
    writer.text(text);
    expect(new Reader(writer.take()).text()).toBe(text);
  });

  test.each(['a', 'é', '充', '🔌'])('keeps a long text whole wherever the room ends: %s', (character) => {
    const text = character.repeat(150);
    const spoilt: number[] = [];
    for (let taken = 0; taken < 400; taken++) {
      const writer = new Writer(600);
      writer.bytes(Buffer.alloc(taken));
      writer.longText(text);
      writer.u8(7);
      const reader = new Reader(writer.take());
      reader.bytes();
      if (reader.text() !== text || reader.u8() !== 7 || !reader.done) spoilt.push(taken);
    }
    expect(spoilt).toEqual([]);
  });

  test('keeps what it holds as it grows', () => {
    const writer = new Writer(1);
    for (let i = 0; i < 5_000; i++) writer.u32(i);
    const reader = new Reader(writer.take());
    expect(Array.from({ length: 5_000 }, () => reader.u32())).toEqual(Array.from({ length: 5_000 }, (_, i) => i));
  });

  test('takes a length that is known only afterwards', () => {
    const writer = new Writer();
    writer.u32(0);
    writer.text('é');
    writer.patchU32(0, 99);
    const reader = new Reader(writer.take());
    expect([reader.u32(), reader.text()]).toEqual([99, 'é']);
  });
});
