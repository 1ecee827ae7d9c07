import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Bus, EventStream, type RefusedEvent, type WrittenEvent } from '@ohmnibus/bus';
import { eventStream, type EventMessage } from '@ohmnibus/contracts';
import { Database, eventLine, tell } from '@ohmnibus/database';
import { eventually, openTestkit, waitingEvents, type Testkit } from '@ohmnibus/testkit';
import { silent } from '../transaction-fixture.js';
import { RefusedEvents } from './refused-events.js';
import { RelayEvents, take } from './relay-events.js';

let kit: Testkit;
let bus: Bus;
let database: Database;
let stream: EventStream;
const relays: RelayEvents[] = [];

beforeAll(async () => {
  kit = await openTestkit({ services: ['postgres', 'nats'] });
  bus = await Bus.connect({ url: kit.natsUrl, name: 'relay' });
  database = new Database({ url: kit.databaseUrl, name: 'relay', poolSize: 4 });
  stream = await EventStream.open(bus);
});
beforeEach(async () => {
  await Promise.all(relays.splice(0).map((relay) => relay.stop()));
  await database.prisma.outbox.deleteMany();
  await (await bus.connection.jetstreamManager()).streams.purge(eventStream.name);
});
afterAll(async () => {
  await Promise.all(relays.map((relay) => relay.stop()));
  await bus.close();
  await database.close();
  await kit.close();
});

const insert = { name: 'insert-facts', text: tell(`SELECT 'acme', 'CP-' || n % 3, 'transaction.updated', json_build_object('n', n) FROM generate_series($1::int, $2::int) AS n`) };

/** Facts of one commit. */
async function facts(from: number, to: number): Promise<void> {
  await database.run(insert, [from, to - 1]);
}

type Publish = <E extends WrittenEvent>(events: readonly E[]) => Promise<RefusedEvent<E>[]>;

function start(publishWritten: Publish = (events) => stream.publishWritten(events), relayed?: (events: number) => void): RelayEvents {
  const relay = new RelayEvents(database, { publishWritten }, { pollMs: 10, log: silent, ...(relayed && { relayed }) });
  relays.push(relay);
  relay.start();
  return relay;
}

/** The messages in the stream, in its order. */
async function messages(): Promise<EventMessage[]> {
  const streams = await bus.connection.jetstreamManager();
  const { state } = await streams.streams.info(eventStream.name);
  const found: EventMessage[] = [];
  for (let seq = state.first_seq; state.messages > 0 && seq <= state.last_seq; seq++) {
    const { data, header } = await streams.streams.getMessage(eventStream.name, { seq });
    const message = JSON.parse(Buffer.from(data).toString()) as EventMessage;
    expect(header.get('Nats-Msg-Id')).toBe(message.id);
    found.push(message);
  }
  return found;
}
const published = async () => (await messages()).map(({ body }) => body['n']);

const empty = async () => (await database.prisma.outbox.count()) === 0;
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

/** Runs a statement; returns how often each part of it ran. */
async function loopsOf(text: string): Promise<number[]> {
  interface Node {
    'Actual Loops': number;
    Plans?: Node[];
  }
  const loops = (node: Node): number[] => [node['Actual Loops'], ...(node.Plans ?? []).flatMap(loops)];
  const [[plan] = []] = await database.run<[{ Plan: Node }[]]>({ name: 'explained', text: `EXPLAIN (ANALYZE, FORMAT JSON) ${text}` }, []);
  return plan!.flatMap(({ Plan }) => loops(Plan));
}

describe('the relay', () => {
  test('asks once which rows it takes, also if the outbox was empty when it was last analysed', async () => {
    await database.prisma.$executeRawUnsafe('VACUUM ANALYZE outbox');
    await facts(0, 1_000);
    expect(Math.max(...(await loopsOf(take.text)))).toBe(1);
  });

  test('publishes every event of the outbox once and in order, and leaves none', async () => {
    await facts(0, 50);
    start();
    await eventually('the outbox is empty', empty);
    await facts(50, 60);
    await eventually('the outbox is empty again', empty);
    expect(await published()).toEqual(upTo(60));
    const ids = (await messages()).map(({ id }) => Number(id));
    expect(ids).toEqual([...new Set(ids)].toSorted((a, b) => a - b));
  });

  test('counts events, not rows', async () => {
    const counted: number[] = [];
    await facts(0, 30);
    await facts(30, 31);
    start(undefined, (events) => counted.push(events));
    await eventually('the outbox is empty', empty);
    expect(counted.reduce((sum, n) => sum + n, 0)).toBe(31);
  });

  test('publishes the whole message as JSON, whatever names and body hold', async () => {
    const at = new Date('2026-03-01T12:00:00.123Z');
    const odd = { tenant: 'a "tenant"', station: 'CP\\1 \u00fc\n', type: 'transaction.updated', body: { text: 'line\nbreak "quoted"', nested: [1, { two: null }] } } as const;
    await database.prisma.outbox.create({ data: { at, count: 1, events: eventLine(odd) } });
    const asSql = { name: 'insert-odd', text: tell('SELECT $1::text, $2::text, $3::text, $4::json') };
    await database.run(asSql, [odd.tenant, odd.station, odd.type, JSON.stringify(odd.body, undefined, 2)]);
    start();
    await eventually('the outbox is empty', empty);
    const [written, told] = await messages();
    expect(written).toEqual({ ...odd, id: expect.stringMatching(/^\d+$/), at: at.toISOString() });
    expect(told).toEqual({ ...odd, id: expect.stringMatching(/^\d+$/), at: expect.stringMatching(/^20.*Z$/) });
  });

  test('sets aside what the stream will never take and what is no event, and publishes all others in their order', async () => {
    const big = { name: 'insert-big', text: tell(`SELECT 'acme', 'CP-1', 'transaction.updated', json_build_object('n', -1, 'text', repeat('x', 2000000))`) };
    await facts(0, 3);
    await database.run(big, []);
    await facts(3, 5);
    await database.prisma.outbox.create({ data: { count: 3, events: `what is this\n{"tenant":"\\q","station":"CP-1","type":"transaction.updated","body":{}}\n${eventLine({ tenant: 'acme', station: 'CP-1', type: 'transaction.updated', body: { n: 5 } })}` } });
    await facts(6, 8);
    const counted: number[] = [];
    start(undefined, (events) => counted.push(events));
    await eventually('the outbox is empty', empty);
    expect(await published()).toEqual(upTo(8));
    expect(counted.reduce((sum, n) => sum + n, 0)).toBe(8);
    const refused = await database.prisma.refusedEvent.findMany({ orderBy: { id: 'asc' } });
    expect(refused.map(({ event, reason, tenant, station, type }) => [event.slice(0, 60), reason, tenant, station, type])).toEqual([
      ['{"tenant":"acme","station":"CP-1","type":"transaction.update', 'MAX_PAYLOAD_EXCEEDED', 'acme', 'CP-1', 'transaction.updated'],
      ['what is this', 'this is no event', null, null, null],
      ['{"tenant":"\\q","station":"CP-1","type":"transaction.updated"', 'this is no event', null, null, null],
    ]);
    const streams = await bus.connection.jetstreamManager();
    const { config } = await streams.streams.info(eventStream.name);
    await streams.streams.update(eventStream.name, { ...config, max_msg_size: 1_000 });
    try {
      await facts(8, 10);
      await database.run({ ...big, name: 'insert-middling', text: big.text.replace('2000000', '2000') }, []);
      await facts(10, 12);
      await eventually('the outbox is empty', empty);
    } finally {
      await streams.streams.update(eventStream.name, { ...config, max_msg_size: -1 });
    }
    expect(await published()).toEqual(upTo(12));
    expect(await database.prisma.refusedEvent.count()).toBe(4);
    // As docs/operations.md has it; the stream takes it now.
    await database.prisma.$executeRaw`
      WITH again AS (
        UPDATE refused_event SET resolved_at = now(), resolution = 'replayed', resolved_by = 'by hand'
        WHERE id = (SELECT max(id) FROM refused_event) AND resolved_at IS NULL RETURNING at, event
      )
      INSERT INTO outbox (at, count, events) SELECT at, 1, event FROM again`;
    await eventually('the outbox is empty', empty);
    expect(await published()).toEqual([...upTo(12), -1]);
  });

  test('forgets what was set aside when it is too old, and zero days are for ever', async () => {
    await database.prisma.refusedEvent.deleteMany();
    const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000);
    await database.prisma.refusedEvent.createMany({ data: [1, 9, 11, 400].map((days) => ({ id: BigInt(days), at: daysAgo(days), event: '{}', reason: 'x', refusedAt: daysAgo(days) })) });
    expect(await new RefusedEvents(database, 0).forget()).toBe(0);
    expect(await new RefusedEvents(database, 10).forget()).toBe(2);
    expect((await database.prisma.refusedEvent.findMany()).map(({ id }) => Number(id)).toSorted((a, b) => a - b)).toEqual([1, 9]);
  });

  test('takes more than one batch', async () => {
    await facts(0, 1_500);
    start();
    await eventually('the outbox is empty', empty, { timeoutMs: 15_000 });
    expect((await (await bus.connection.jetstreamManager()).streams.info(eventStream.name)).state.messages).toBe(1_500);
  });

  test('lets a storm of connections through slowly at first, and other traffic as it comes', async () => {
    const batches: { events: number; at: number }[] = [];
    start(undefined, (events) => batches.push({ events, at: performance.now() }));
    await database.run({ name: 'insert-storm', text: tell(`SELECT 'acme', 'CP-' || n, 'station.connected', json_build_object('n', n) FROM generate_series(0, 1499) AS n`) }, []);
    await eventually('the outbox is empty', empty, { timeoutMs: 10_000 });
    const [first, second] = batches;
    expect(first!.events).toBeLessThan(1_100);
    expect(second!.at - first!.at).toBeGreaterThan(350);
    expect(await published()).toEqual(upTo(1_500));
  });

  test('that ends between publishing and committing loses nothing and doubles nothing: the next one repeats the same ids', async () => {
    await facts(0, 20);
    const ids: string[][] = [];
    let crashed = false;
    start(async (events) => {
      ids.push(events.map(({ id }) => id));
      const refused = await stream.publishWritten(events);
      if (!crashed) {
        crashed = true;
        throw new Error('the process ends here');
      }
      return refused;
    });
    await eventually('the outbox is empty', empty, { timeoutMs: 10_000 });
    expect(ids).toHaveLength(2);
    expect(ids[1]).toEqual(ids[0]);
    expect(await published()).toEqual(upTo(20));
  });

  test('keeps what was not published', async () => {
    await facts(0, 5);
    let tried = 0;
    const relay = start(() => {
      tried++;
      return Promise.reject(new Error('JetStream is away'));
    });
    await eventually('it has tried', () => tried > 0);
    await relay.stop();
    expect(await waitingEvents(database)).toHaveLength(5);
    expect(await published()).toEqual([]);
  });

  test('works beside another: each event is published by one of them, in order', async () => {
    const publishers = [0, 0];
    for (const n of [0, 1]) {
      start((events) => {
        publishers[n]! += events.length;
        return stream.publishWritten(events);
      });
    }
    for (let n = 0; n < 10; n++) await facts(n * 10, n * 10 + 10);
    await eventually('the outbox is empty', empty);
    expect(publishers[0]! + publishers[1]!).toBe(100);
    expect(await published()).toEqual(upTo(100));
  });

  test('waits for a fact that is still being committed, so that events leave in the order of their ids', async () => {
    let commit: () => void = () => undefined;
    let inserted = false;
    const slow = database.transaction(async (run) => {
      await run(insert, [0, 0]);
      inserted = true;
      await new Promise<void>((resolve) => (commit = resolve));
    });
    await eventually('the first is written and not committed', () => inserted);
    await facts(1, 3);
    let rounds = 0;
    const relay = start((events) => {
      rounds++;
      return stream.publishWritten(events);
    });
    const seen = eventually('something is published', () => rounds > 0, { timeoutMs: 300 }).then(() => 'published', () => 'nothing');
    expect(await seen).toBe('nothing');
    commit();
    await slow;
    await eventually('the outbox is empty', empty);
    await relay.stop();
    expect(await published()).toEqual([0, 1, 2]);
  });
});
