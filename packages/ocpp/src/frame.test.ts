import { describe, expect, test } from '@jest/globals';
import { frameFault } from './frame-fault.js';
import { callFrame, errorFrame, noId, readFrame, resultFrame, type Frame } from './frame.js';

const read = (text: string) => readFrame(Buffer.from(text));

/** A frame as its reader sees it, with the payload as text. */
const seen = (frame: Frame) => ('payload' in frame ? { ...frame, payload: frame.payload.toString() } : frame);

const id = (text: string, json = JSON.stringify(text)) => ({ text, json });
const longest = 'x'.repeat(256);

describe('a frame that can be read', () => {
  test.each<[string, string, object]>([
    ['a call', '[2,"7","Heartbeat",{}]', { kind: 'call', id: id('7'), action: 'Heartbeat', payload: '{}' }],
    [
      'white space in all places',
      ' \t[\r\n2 , "7" , "Heartbeat" , { "a" : 1 } ] \n',
      { kind: 'call', id: id('7'), action: 'Heartbeat', payload: '{ "a" : 1 } ' },
    ],
    ['a numeral as id keeps its form', '[2,17,"Heartbeat",{}]', { kind: 'call', id: id('17', '17'), action: 'Heartbeat', payload: '{}' }],
    [
      'so does one that no double can hold',
      '[3,-90071992547409931.50e+3,{}]',
      { kind: 'result', id: id('-90071992547409931.50e+3', '-90071992547409931.50e+3'), payload: '{}' },
    ],
    [
      'an id with escapes keeps its spelling',
      '[3,"a\\"\\\\\\u0062]",{}]',
      { kind: 'result', id: id('a"\\b]', '"a\\"\\\\\\u0062]"'), payload: '{}' },
    ],
    ['an id beyond ASCII', '[3,"žluť🔌",{}]', { kind: 'result', id: id('žluť🔌'), payload: '{}' }],
    ['an empty id', '[3,"",{}]', { kind: 'result', id: id(''), payload: '{}' }],
    ['the longest id', `[3,"${longest}",{}]`, { kind: 'result', id: id(longest), payload: '{}' }],
    ['an escaped action', '[2,"7","Heart\\u0062eat",{}]', { kind: 'call', id: id('7'), action: 'Heartbeat', payload: '{}' }],
    [
      'arrays and brackets inside a payload',
      '[2,"7","A",{"a":[[1,2],["]"]]}]',
      { kind: 'call', id: id('7'), action: 'A', payload: '{"a":[[1,2],["]"]]}' },
    ],
    [
      'a payload that is no object is not looked at',
      '[2,"7","A",nonsense]',
      { kind: 'call', id: id('7'), action: 'A', payload: 'nonsense' },
    ],
    ['nor are further elements', '[2,"7","A",{},{}]', { kind: 'call', id: id('7'), action: 'A', payload: '{},{}' }],
    ['nor is garbage before the last bracket', '[2,"7","A",{}] x]', { kind: 'call', id: id('7'), action: 'A', payload: '{}] x' }],
    ['a result', '[3,"7",{"status":"Accepted"}]', { kind: 'result', id: id('7'), payload: '{"status":"Accepted"}' }],
    [
      'an error',
      '[4,"7","NotSupported","no",{"a":1}]',
      { kind: 'error', id: id('7'), code: 'NotSupported', description: 'no', details: { a: 1 } },
    ],
    [
      'an error with nothing but a code',
      '[4,"7","NotSupported"]',
      { kind: 'error', id: id('7'), code: 'NotSupported', description: '', details: {} },
    ],
    [
      'an error with elements of odd types',
      '[4,"7",5,null,null]',
      { kind: 'error', id: id('7'), code: 'GenericError', description: '', details: {} },
    ],
    ['a type of a newer version', '[6,"7","NotifyPeriodicEventStream",{}]', { kind: 'unknown-type', messageType: 6, id: id('7') }],
    ['a type that nobody knows, alone', '[99]', { kind: 'unknown-type', messageType: 99, id: undefined }],
  ])('%s', (_name, text, expected) => {
    expect(seen(read(text))).toEqual(expected);
  });

  test('a large payload is a view of the frame, not a copy', () => {
    const frame = Buffer.from(`[2,"7","DataTransfer",{"data":"${'x'.repeat(4_000_000)}"}]`);
    const call = readFrame(frame);
    if (call.kind !== 'call') throw new Error(`read as ${call.kind}`);
    expect(call.payload.length).toBe(4_000_011);
    expect(call.payload.buffer).toBe(frame.buffer);
  });
});

describe('a frame that cannot be read', () => {
  test.each<[string, string]>([
    ['nothing', ''],
    ['white space', '  \n'],
    ['one bracket', '['],
    ['an empty array', '[]'],
    ['an object', '{"2":"7"}'],
    ['a string', '"[2]"'],
    ['text', 'hello'],
    ['a byte order mark', '\uFEFF[2,"7","A",{}]'],
    ['NUL bytes before', '\0[2,"7","A",{}]'],
    ['NUL bytes between', '[2,\0"7","A",{}]'],
    ['NUL bytes within the id', '[2,"7\0","A",{}]'],
    ['NUL bytes after', '[2,"7","A",{}]\0'],
    ['an end that is missing', '[2,"7","A",{}'],
    ['garbage after the end', '[2,"7","A",{}] x'],
    ['an array within', '[[2,"7","A",{}]]'],
    ['a type that is text', '["2","7","A",{}]'],
    ['a type with a fraction', '[2.0,"7","A",{}]'],
    ['a negative type', '[-2,"7","A",{}]'],
    ['an endless type', '[22222222222,"7","A",{}]'],
    ['no type', '[,"7","A",{}]'],
    ['only a type', '[2]'],
    ['null as id', '[2,null,"A",{}]'],
    ['an object as id', '[2,{},"A",{}]'],
    ['a numeral that is none', '[2,1-2,"A",{}]'],
    ['an id that is too long', `[2,"${longest}x","A",{}]`],
    ['an id without an end', '[2,"7]'],
    ['an id that ends in a backslash', '[2,"7\\]'],
    ['an id with a wrong escape', '[2,"\\x","A",{}]'],
  ])('%s', (_name, text) => {
    expect(read(text)).toEqual({ kind: 'unreadable', id: undefined, reason: expect.stringMatching(/./) });
  });

  test.each<[string, string]>([
    ['a result without an id', '[3]'],
    ['a result with an id that is none', '[3,{},{}]'],
    ['a result without a payload', '[3,"7"]'],
    ['an error without a code', '[4,"7"]'],
    ['an error that is not JSON', '[4,"7",nonsense]'],
  ])('%s, to which nothing is answered', (_name, text) => {
    const frame = read(text);
    expect(frame).toEqual({ kind: 'unreadable', id: undefined, reason: expect.stringMatching(/./), isAnswer: true });
    if (frame.kind !== 'unreadable') throw new Error('it was read');
    expect([frameFault('v16', frame), frameFault('v201', frame)]).toEqual([undefined, undefined]);
  });

  test.each<[string, string]>([
    ['a call without an action', '[2,"7"]'],
    ['a call without a payload', '[2,"7","A"]'],
    ['an action that is no text', '[2,"7",8,{}]'],
    ['an action without an end', '[2,"7","A,{}]'],
    ['an action that is too long', `[2,"7","${'A'.repeat(65)}",{}]`],
  ])('%s, with an id to answer to', (_name, text) => {
    expect(read(text)).toEqual({ kind: 'unreadable', id: id('7'), reason: expect.stringMatching(/./) });
  });
});

describe('chance', () => {
  test('a valid frame is read as JSON.parse reads it, and broken ones never throw', () => {
    const random = generator(20260301);
    for (let round = 0; round < 3000; round++) {
      const type = pick(random, [2, 3, 4, 6]);
      const messageId = pick(random, ['7', 'a"b\\c', 'ž🔌\n', '', 17, -0.5e3]);
      const payload = value(random, 3);
      const parts = {
        2: [messageId, 'Heartbeat', payload],
        3: [messageId, payload],
        4: [messageId, 'GenericError', 'text', payload],
        6: [messageId],
      }[type]!;
      const text = JSON.stringify([type, ...parts], null, pick(random, [0, 1, '\t']));

      const frame = read(text);
      expect(frame.kind).toBe({ 2: 'call', 3: 'result', 4: 'error', 6: 'unknown-type' }[type]);
      expect(frame.id).toEqual({ text: String(messageId), json: JSON.stringify(messageId) });
      if ('payload' in frame) expect(JSON.parse(frame.payload.toString())).toEqual(payload);
      if (frame.kind === 'call') expect(frame.action).toBe('Heartbeat');
      if (frame.kind === 'error') expect(frame).toMatchObject({ code: 'GenericError', description: 'text', details: payload ?? {} });

      const broken = Buffer.from(text);
      for (let change = 0; change <= round % 4; change++)
        broken[Math.floor(random() * broken.length)] = pick(random, [0, 0x22, 0x5c, 0x5b, 0x5d, 0x2c, 0x39, 0xff]);
      const cut = broken.subarray(0, Math.floor(random() * (broken.length + 1)));
      for (const bytes of [broken, cut]) expect(['call', 'result', 'error', 'unknown-type', 'unreadable']).toContain(readFrame(bytes).kind);
    }
  });
});

describe('a frame that is written', () => {
  test('names the id as the station spelt it', () => {
    expect(resultFrame(id('17', '17'), '{}')).toBe('[3,17,{}]');
    expect(errorFrame(id('17', '17'), 'GenericError', 'no "such" thing', '{}')).toBe('[4,17,"GenericError","no \\"such\\" thing",{}]');
    expect(errorFrame(noId, 'RpcFrameworkError', '', '{}')).toBe('[4,"-1","RpcFrameworkError","",{}]');
  });

  test('holds no longer a description than the standard allows', () => {
    const [, , , description] = JSON.parse(errorFrame(noId, 'GenericError', 'x'.repeat(300), '{}')) as string[];
    expect(description).toBe('x'.repeat(255));
  });

  test('is read again as it was', () => {
    expect(seen(read(callFrame('a"b', 'Reset', '{"type":"Soft"}')))).toEqual({
      kind: 'call',
      id: id('a"b'),
      action: 'Reset',
      payload: '{"type":"Soft"}',
    });
  });
});

/** A seeded generator (mulberry32), so that a failure can be repeated. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function pick<T>(random: () => number, choices: readonly T[]): T {
  return choices[Math.floor(random() * choices.length)]!;
}

/** Some JSON value, nested at most so deep. */
function value(random: () => number, depth: number): unknown {
  if (depth === 0 || random() < 0.4) return pick(random, [null, true, 0, -1.5, '', ']', '",', '\\', '🔌', '\u0000']);
  const children = Array.from({ length: Math.floor(random() * 4) }, () => value(random, depth - 1));
  return random() < 0.5 ? children : Object.fromEntries(children.map((child, index) => [pick(random, ['a', '"', `k${index}`]), child]));
}
