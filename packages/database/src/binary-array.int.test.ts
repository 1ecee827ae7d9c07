import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openTestkit, type Testkit } from '@ohmnibus/testkit';
import { booleanArray, byteaArray, float8Array, int4Array, int8Array, jsonArray, textArray, timestamptzArray } from './binary-array.js';
import { Database } from './database.js';

let kit: Testkit;
let database: Database;

beforeAll(async () => {
  kit = await openTestkit({ services: ['postgres'] });
  database = new Database({ url: kit.databaseUrl, name: 'test' });
});
afterAll(async () => {
  await database.close();
  await kit.close();
});

type Encode<T> = (rows: readonly (T | null | undefined)[], pick: (row: T | null | undefined) => T | null | undefined) => Buffer;

/** What Postgres makes of an array, one value after the other. */
async function roundTrip<T>(type: string, encode: Encode<T>, values: readonly (T | null | undefined)[]): Promise<unknown[]> {
  const text = `SELECT value FROM unnest($1::${type}[]) WITH ORDINALITY AS i(value, ord) ORDER BY ord`;
  const rows = await database.run<[unknown]>({ name: `round-trip-${type}`, text }, [encode(values, (value) => value)]);
  return rows.map(([value]) => value);
}

const many = (n: number) => Array.from({ length: n }, (_, i) => i);
const dates = ['1970-01-01T00:00:00.000Z', '1969-12-31T23:59:59.999Z', '2000-01-01T00:00:00.000Z', '1999-12-31T23:59:59.999Z', '2026-11-22T12:34:56.789Z', '2036-02-07T06:28:16.001Z', '0001-01-01T00:00:00.000Z', '9999-12-31T23:59:59.999Z'];

const arrays: Record<string, { type: string; encode: Encode<never>; values: unknown[]; read?: (value: never) => unknown }> = {
  'int4, its limits': { type: 'int4', encode: int4Array, values: [0, 1, -1, 2_147_483_647, -2_147_483_648] },
  'int8, up to what a number holds': { type: 'int8', encode: int8Array, values: [0, 1, -1, 4_294_967_295, 4_294_967_296, -4_294_967_297, 2 ** 53 - 1, -(2 ** 53 - 1)], read: Number },
  'float8, also what is no finite number': { type: 'float8', encode: float8Array, values: [0, -0.1, 1.5e300, 5e-324, Number.MAX_SAFE_INTEGER, Infinity, -Infinity, NaN] },
  bool: { type: 'bool', encode: booleanArray, values: [true, false] },
  'timestamptz, to the millisecond': { type: 'timestamptz', encode: timestamptzArray, values: dates.map((text) => new Date(text)) },
  'text of all kinds and lengths': { type: 'text', encode: textArray, values: ['', ' ', 'a'.repeat(63), 'é'.repeat(63), '充'.repeat(64), '🔌🔋', "it's {\"quoted\",\\} NULL", 'line\nbreak', 'x'.repeat(100_000)] },
  bytea: { type: 'bytea', encode: byteaArray, values: [Buffer.alloc(0), Buffer.from([0, 255, 10, 92]), Buffer.alloc(70_000, 9)] },
  'json, as it was spelt': { type: 'json', encode: jsonArray, values: ['{}', '[1,2]', '{"a":{"ü":"🔌"}}', 'null', '"text"'], read: (value: never) => JSON.stringify(value) },
};

describe.each(Object.entries(arrays))('an array of %s', (_name, { type, encode, values, read = (value: never): unknown => value }) => {
  test('arrives as it was', async () => {
    expect((await roundTrip<never>(type, encode, values as never[])).map((value) => read(value as never))).toEqual(values);
  });

  test('arrives with its nulls where they were', async () => {
    const [first] = values as never[];
    const got = await roundTrip<never>(type, encode, [null, first!, undefined, first!, null] as never[]);
    expect(got.map((value) => value === null)).toEqual([true, false, true, false, true]);
  });

  test('arrives empty, and with nothing but nulls', async () => {
    expect(await roundTrip<never>(type, encode, [])).toEqual([]);
    expect(await roundTrip<never>(type, encode, [null, undefined] as never[])).toEqual([null, null]);
  });
});

test('an array of many arrives in its order', async () => {
  expect(await roundTrip('int4', int4Array, many(5_000))).toEqual(many(5_000));
  expect(await roundTrip('text', textArray, many(5_000).map(String))).toEqual(many(5_000).map(String));
});

describe('a value that its column cannot hold', () => {
  test.each<[string, () => Buffer]>([
    ['an int4 above its limit', () => int4Array([2_147_483_648], (n) => n)],
    ['an int4 below its limit', () => int4Array([-2_147_483_649], (n) => n)],
    ['an int4 with a fraction', () => int4Array([1.5], (n) => n)],
    ['an int4 that is no number', () => int4Array([NaN], (n) => n)],
    ['an int8 above its limit', () => int8Array([2 ** 63], (n) => n)],
    ['an int8 below its limit', () => int8Array([-(2 ** 64)], (n) => n)],
    ['an int8 that is no exact number', () => int8Array([2 ** 53 + 2], (n) => n)],
    ['an int8 with a fraction', () => int8Array([0.5], (n) => n)],
    ['an int8 that is no number', () => int8Array([NaN], (n) => n)],
    ['an int8 that is infinite', () => int8Array([Infinity], (n) => n)],
    ['a date that is none', () => timestamptzArray([new Date('nonsense')], (at) => at)],
  ])('is the data’s fault, not another value: %s', (_what, encode) => {
    let thrown: unknown;
    try {
      encode();
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toMatchObject({ name: 'Fault', code: 'bad-value' });
  });

  test.each([
    ['a text with a NUL', 'text', textArray, 'a\u0000b'],
    ['a text that is no JSON', 'json', jsonArray, '{'],
  ] as const)('is the data’s fault where only Postgres can tell: %s', async (_what, type, encode, value) => {
    await expect(roundTrip<string>(type, encode, [value])).rejects.toMatchObject({ name: 'Fault', code: 'bad-value' });
  });
});
