import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually, openTestkit, type Testkit } from '@ohmnibus/testkit';
import { int4Array, textArray } from './binary-array.js';
import { Database } from './database.js';
import { GroupCommit } from './group-commit.js';

interface Row {
  readonly station: string;
  readonly evse: number;
}

let kit: Testkit;
let database: Database;
let group: GroupCommit<Row, string>;
const commits: number[] = [];

const insert = {
  name: 'insert-rows',
  text: `INSERT INTO row_of_test (station, evse) SELECT station, evse
    FROM unnest($1::text[], $2::int[]) WITH ORDINALITY AS i(station, evse, ord) ORDER BY ord RETURNING station`,
};

beforeAll(async () => {
  kit = await openTestkit({ services: ['postgres'], ownPostgres: true });
  database = new Database({ url: kit.databaseUrl, name: 'test', poolSize: 3 });
  await database.prisma.$executeRaw`CREATE TABLE row_of_test (id bigserial PRIMARY KEY, station text NOT NULL, evse int NOT NULL)`;
  group = new GroupCommit<Row, string>({
    name: 'rows',
    write: async (rows) => (await database.run<[string]>(insert, [textArray(rows, ({ station }) => station), int4Array(rows, ({ evse }) => evse)])).map(([station]) => station),
    onCommit: ({ rows }) => commits.push(rows),
  });
});
afterAll(async () => {
  await database.close();
  await kit.close();
});

const stations = async () => (await database.prisma.$queryRaw<{ station: string }[]>`SELECT station FROM row_of_test ORDER BY id`).map(({ station }) => station);
const clear = () => database.prisma.$executeRaw`DELETE FROM row_of_test`;
const rows = (prefix: string, n: number): Row[] => Array.from({ length: n }, (_, i) => ({ station: `${prefix}-${i}`, evse: i }));

describe('a group commit to Postgres', () => {
  test('is one commit for the rows of a turn', async () => {
    expect(await Promise.all(rows('turn', 200).map((row) => group.add(row)))).toEqual(rows('turn', 200).map(({ station }) => station));
    expect(await stations()).toHaveLength(200);
    const transactions = await database.prisma.$queryRaw<{ n: bigint }[]>`SELECT count(DISTINCT xmin::text) AS n FROM row_of_test`;
    expect(Number(transactions[0]!.n)).toBe(1);
    await clear();
  });

  test('stores the neighbours of rows that Postgres, or the encoding, will not have', async () => {
    const given = rows('poison', 50).map((row, i) => (i === 7 ? { ...row, station: 'a\u0000b' } : i === 31 ? { ...row, evse: 4_000_000_000 } : row));
    const settled = await Promise.allSettled(given.map((row) => group.add(row)));
    expect(settled.flatMap(({ status }, i) => (status === 'rejected' ? [i] : []))).toEqual([7, 31]);
    expect((await stations()).toSorted()).toEqual(given.filter((_, i) => i !== 7 && i !== 31).map(({ station }) => station).toSorted());
    await clear();
  });

  test('fails as unavailable while Postgres is away, stores none of it, and works again afterwards', async () => {
    await group.add({ station: 'before', evse: 1 });
    commits.length = 0;
    await kit.postgres!.crash();
    const settled = await Promise.allSettled(rows('lost', 20).map((row) => group.add(row)));
    for (const outcome of settled) expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } });
    expect(commits).toEqual([20]);
    await kit.postgres!.start();
    await eventually('a row is stored again', () => group.add({ station: 'after', evse: 1 }));
    expect(await stations()).toEqual(['before', 'after']);
  });
});
