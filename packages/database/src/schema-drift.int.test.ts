import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { openTestkit, type Testkit } from '@ohmnibus/testkit';
import { Database } from './database.js';

/** What both the schema and the database can say of a table. */
interface Table {
  /** By name: `type`, `type?` where it may be null, and what it is when nothing is given. */
  readonly columns: Record<string, string>;
  readonly primaryKey: string;
  readonly unique: string[];
  readonly indexes: string[];
}

const types: Record<string, string> = { String: 'text', Int: 'int4', BigInt: 'int8', Float: 'float8', Boolean: 'bool', DateTime: 'timestamptz(3)', Json: 'json', Bytes: 'bytea' };
const nativeTypes: Record<string, string> = { 'Timestamptz(3)': 'timestamptz(3)', Json: 'json', SmallInt: 'int2', Uuid: 'uuid' };

function columnOf(type: string, rest: string): string {
  const [, scalar, list, optional] = /^(\w+)(\[\])?(\?)?$/.exec(type) ?? [];
  const [, native] = /@db\.([\w()]+)/.exec(rest) ?? [];
  const plain = native === undefined ? types[scalar ?? ''] : nativeTypes[native];
  if (plain === undefined) throw new Error(`the test does not know the type ${type} ${native}`);
  const [, given] = /@default\((.+?)\)(?:\s|$)/.exec(rest) ?? [];
  return `${list ? '_' : ''}${plain}${optional ?? ''}${given === undefined ? '' : ` = ${given.replaceAll('"', "'")}`}`;
}

/** Of a table whose key Prisma does not know: its indexes are the migrations' own business. */
const anyIndexes = ['any'];

/** The models of a schema.prisma, by table. Only what this project's schema uses is understood; anything else fails the test. */
function readSchema(text: string): Record<string, Table> {
  const tables: Record<string, Table> = {};
  for (const [, doc = '', body = ''] of text.matchAll(/((?:^\/\/\/[^\n]*\n)*)^model \w+ \{\n(.*?)^\}/gms)) {
    const names = new Map<string, string>();
    const columns: Record<string, string> = {};
    const list = (fields: string) => fields.split(',').map((field) => names.get(field.trim())).join(',');
    const table = { columns, primaryKey: '', unique: [] as string[], indexes: [] as string[] };
    let name = '';
    for (const line of body.split('\n').map((raw) => raw.trim()).filter((raw) => raw !== '' && !raw.startsWith('//'))) {
      const [, attribute, argument = ''] = /^@@(\w+)\(\[?(.+?)\]?\)$/.exec(line) ?? [];
      if (attribute === 'map') name = argument.replaceAll('"', '');
      else if (attribute === 'id') table.primaryKey = list(argument);
      else if (attribute === 'unique') table.unique.push(list(argument));
      else if (attribute === 'index') table.indexes.push(list(argument));
      else {
        const [, field = '', type = '', rest = ''] = /^(\w+)\s+(\S+)\s*(.*)$/.exec(line) ?? [];
        const column = /@map\("(.+?)"\)/.exec(rest)?.[1] ?? field;
        names.set(field, column);
        columns[column] = columnOf(type, rest);
        if (/@id\b/.test(rest)) table.primaryKey = column;
      }
    }
    // Prisma wants an id of every model; a table that is only appended to may have none.
    if (doc.includes('for Prisma alone')) table.primaryKey = '';
    tables[name] = { ...table, unique: table.unique.toSorted(), indexes: doc.includes('for Prisma alone') ? anyIndexes : table.indexes.toSorted() };
  }
  return tables;
}

const columnsOfDatabase = `
  SELECT c.relname AS table, a.attname AS column, ty.typname AS type, a.atttypmod AS modifier, NOT a.attnotnull AS nullable, pg_get_expr(d.adbin, d.adrelid) AS fallback
  FROM pg_class c JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped JOIN pg_type ty ON ty.oid = a.atttypid
  LEFT JOIN pg_attrdef d ON d.adrelid = c.oid AND d.adnum = a.attnum
  WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') AND NOT c.relispartition AND c.relname <> '_prisma_migrations'
  ORDER BY c.relname, a.attnum`;
// Partial ones are left out: Prisma has no words for them.
const indexesOfDatabase = `
  SELECT c.relname AS table, i.indisprimary AS primary, i.indisunique AS unique,
    array_to_string(ARRAY(SELECT a.attname FROM unnest(i.indkey::int[]) WITH ORDINALITY k(n, ord) JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = k.n ORDER BY k.ord), ',') AS columns
  FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
  WHERE c.relnamespace = 'public'::regnamespace AND NOT c.relispartition AND i.indpred IS NULL AND c.relname <> '_prisma_migrations'`;

function fallbackOf(expression: string | null): string {
  if (expression === null) return '';
  if (expression.startsWith('nextval(')) return ' = autoincrement()';
  if (expression === "'{}'::text[]") return ' = []';
  return ` = ${expression.replace(/::\w+$/, '')}`;
}

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

async function readDatabase(): Promise<Record<string, Table>> {
  const columns = await database.prisma.$queryRawUnsafe<{ table: string; column: string; type: string; modifier: number; nullable: boolean; fallback: string | null }[]>(columnsOfDatabase);
  const indexes = await database.prisma.$queryRawUnsafe<{ table: string; primary: boolean; unique: boolean; columns: string }[]>(indexesOfDatabase);
  const tables: Record<string, Table> = {};
  for (const name of new Set(columns.map(({ table }) => table))) {
    const of = indexes.filter(({ table }) => table === name);
    tables[name] = {
      columns: Object.fromEntries(
        columns
          .filter(({ table }) => table === name)
          .map(({ column, type, modifier, nullable, fallback }) => [column, `${type}${type === 'timestamptz' ? `(${modifier})` : ''}${nullable ? '?' : ''}${fallbackOf(fallback)}`]),
      ),
      primaryKey: of.find(({ primary }) => primary)?.columns ?? '',
      unique: of.filter(({ primary, unique }) => unique && !primary).map((index) => index.columns).toSorted(),
      indexes: of.filter(({ unique }) => !unique).map((index) => index.columns).toSorted(),
    };
  }
  return tables;
}

/** The checkout's root, wherever this file runs from. */
function checkout(from = dirname(fileURLToPath(import.meta.url))): string {
  return existsSync(join(from, 'pnpm-workspace.yaml')) ? from : checkout(dirname(from));
}

describe('schema.prisma and the migrations, which are written by hand beside it,', () => {
  test('agree on every table: columns, types, nulls, defaults, keys and indexes', async () => {
    const schema = readSchema(readFileSync(join(checkout(), 'prisma', 'schema.prisma'), 'utf8'));
    expect(Object.keys(schema).length).toBeGreaterThanOrEqual(12);
    const migrated = await readDatabase();
    for (const [name, { indexes }] of Object.entries(schema)) if (indexes === anyIndexes) migrated[name] = { ...migrated[name]!, indexes };
    expect(migrated).toEqual(schema);
  });

  test('agree as far as the client goes: every model can be read', async () => {
    const models = ['station', 'connector', 'statusReport', 'transaction', 'transactionEvent', 'sample', 'token', 'command', 'quarantine', 'outbox', 'messageLog', 'apiKey'] as const;
    for (const name of models) expect(await (database.prisma[name] as unknown as { findFirst(): Promise<unknown> }).findFirst()).toBeNull();
  });
});

describe('the partitions', () => {
  test('take a row of any time', async () => {
    const row = { tenant: 't', station: 's', evse: 1, transaction: 0, receivedAt: new Date(), samples: '[]' };
    const times = [new Date(), new Date(Date.now() + 3 * 86_400_000), new Date('1970-01-01T00:00:00Z'), new Date('2036-02-07T06:28:16Z'), new Date('9999-12-31T23:59:59.999Z')];
    await database.prisma.sample.createMany({ data: times.map((at, n) => ({ ...row, at, digest: BigInt(n) })) });
    expect(await database.prisma.sample.count()).toBe(times.length);
  });
});
