import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { openTestkit, type Testkit } from '@ohmnibus/testkit';
import { int4Array, textArray } from './binary-array.js';
import { Database, type Statement } from './database.js';
import { InsertNew } from './insert-new.js';

let kit: Testkit;
let database: Database;
let insert: InsertNew;
let ran: string[] = [];

beforeAll(async () => {
  kit = await openTestkit({ services: ['postgres'] });
  database = new Database({ url: kit.databaseUrl, name: 'test' });
  await database.prisma.$executeRawUnsafe('CREATE TABLE thing (station text, n integer CHECK (n >= 0), PRIMARY KEY (station, n))');
});
afterAll(async () => {
  await database.close();
  await kit.close();
});
beforeEach(() => {
  ran = [];
  const run = <Row extends unknown[]>(statement: Statement, values: readonly unknown[]) => {
    ran.push(statement.name);
    return database.run<Row>(statement, values);
  };
  insert = new InsertNew({ run }, 'things', (passOver) => `INSERT INTO thing SELECT * FROM unnest($1::text[], $2::int[]) ${passOver} RETURNING n`);
});

const rows = (station: string, numbers: number[]) => [textArray(numbers, () => station), int4Array(numbers, (n) => n)];
const stored = async (station: string) => (await database.run<[number]>({ name: 'stored', text: 'SELECT n FROM thing WHERE station = $1 ORDER BY n' }, [station])).flat();

test('rows that are new are inserted without being looked up', async () => {
  expect(await insert.run(rows('new', [1, 2]))).toEqual([[1], [2]]);
  expect(await insert.run(rows('new', [3]))).toEqual([[3]]);
  expect(ran).toEqual(['things-new', 'things-new']);
});

test('what is there already is passed over, the others are inserted, and the next ones are looked up', async () => {
  await insert.run(rows('there', [1, 2]));
  expect(await insert.run(rows('there', [2, 3, 3]))).toEqual([[3]]);
  expect(await insert.run(rows('there', [3, 4]))).toEqual([[4]]);
  expect(ran).toEqual(['things-new', 'things-new', 'things', 'things']);
  expect(await stored('there')).toEqual([1, 2, 3, 4]);
});

test('two that insert the same at once store it once', async () => {
  const numbers = Array.from({ length: 300 }, (_, n) => n);
  const both = await Promise.all([insert.run<[number]>(rows('race', numbers)), insert.run<[number]>(rows('race', numbers))]);
  expect(both.flat(2).toSorted((a, b) => a - b)).toEqual(numbers);
  expect(await stored('race')).toEqual(numbers);
});

test('another fault is told, and nothing is tried again', async () => {
  await expect(insert.run(rows('bad', [1, -1]))).rejects.toMatchObject({ code: 'bad-value', details: { sqlState: '23514' } });
  expect(ran).toEqual(['things-new']);
  expect(await stored('bad')).toEqual([]);
});
