import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { openTestkit, waitingEvents, type Testkit } from '@ohmnibus/testkit';
import { Database, onePlanByIndex } from './database.js';
import { eventLine, eventLineOf, tell, tellLines } from './outbox.js';

let kit: Testkit;
let database: Database;

beforeAll(async () => {
  kit = await openTestkit({ services: ['postgres'] });
  database = new Database({ url: kit.databaseUrl, name: 'test', parameters: onePlanByIndex });
});
beforeEach(async () => {
  await database.prisma.outbox.deleteMany();
});
afterAll(async () => {
  await database.close();
  await kit.close();
});

const many = { name: 'tell-many', text: tell(`SELECT 'acme', 'CP-1', 'station.booted', json_build_object('n', n) FROM generate_series(1, $1::int) AS n ORDER BY n DESC`) };
const rows = () => database.prisma.outbox.findMany({ orderBy: { id: 'asc' } });

describe('the events of a statement', () => {
  test('share rows, in the order in which the statement names them', async () => {
    await database.run(many, [200]);
    expect((await waitingEvents(database)).map(({ body }) => body['n'])).toEqual(Array.from({ length: 200 }, (_, i) => 200 - i));
    expect((await rows()).length).toBeLessThan(20);
  });

  test('leave each an id of its own: no row has more of them than there are ids up to the next row', async () => {
    for (const n of [1, 500, 7]) await database.run(many, [n]);
    const ids = (await rows()).flatMap(({ id, count }) => Array.from({ length: count }, (_, place) => Number(id) + place));
    expect(ids).toHaveLength(508);
    expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
  });

  test('of no facts are no row', async () => {
    await database.run(many, [0]);
    expect(await rows()).toEqual([]);
  });

  test('are as the service, or SQL, has put them together, whatever names and bodies hold', async () => {
    const odd = { tenant: 'a "b"', station: 'tab\t line\n back\\ \u00fc', type: 'station.booted', body: { text: 'x\ny', none: null } } as const;
    await database.run({ name: 'tell-ready', text: tellLines('SELECT unnest($1::text[])') }, [[eventLine(odd), eventLine(odd)]]);
    await database.run({ name: 'tell-sql', text: tell('SELECT $1::text, $2::text, $3::text, $4::json') }, [odd.tenant, odd.station, odd.type, JSON.stringify(odd.body, undefined, 2)]);
    const parts = tellLines(`SELECT ${eventLineOf(`'station.booted'`, 'body')} FROM (SELECT $1::text AS tenant, $2::text AS station, $3::text AS body) AS known`);
    await database.run({ name: 'tell-parts', text: parts }, [odd.tenant, odd.station, JSON.stringify(odd.body)]);
    expect(await waitingEvents(database)).toEqual([odd, odd, odd, odd]);
  });

  test('are refused, with their facts, if one of them is null by mistake', async () => {
    const text = tell(`SELECT 'acme', CASE WHEN n <> 2 THEN 'CP-1' END, 'station.booted', '{}'::json FROM generate_series(1, 3) AS n`);
    await expect(database.run({ name: 'tell-null', text }, [])).rejects.toMatchObject({ code: 'bad-value' });
    expect(await rows()).toEqual([]);
  });
});
