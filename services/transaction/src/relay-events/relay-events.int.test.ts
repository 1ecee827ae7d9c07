import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { Bus, EventStream, type WrittenEvent } from '@ohmnibus/bus';
import { eventStream } from '@ohmnibus/contracts';
import { Database } from '@ohmnibus/database';
import { eventually, openTestkit, type Testkit } from '@ohmnibus/testkit';
import { silent } from '../transaction-fixture.js';
import { RelayEvents } from './relay-events.js';

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

async function facts(from: number, to: number): Promise<void> {
  const data = Array.from({ length: to - from }, (_, i) => ({ tenant: 'acme', station: `CP-${(from + i) % 3}`, type: 'transaction.updated', body: { n: from + i } }));
  await database.prisma.outbox.createMany({ data });
}

function start(publishWritten: (events: readonly WrittenEvent[]) => Promise<void> = (events) => stream.publishWritten(events)): RelayEvents {
  const relay = new RelayEvents(database, { publishWritten }, { pollMs: 10, log: silent });
  relays.push(relay);
  relay.start();
  return relay;
}

/** The bodies in the stream, in its order. */
async function published(): Promise<number[]> {
  const streams = await bus.connection.jetstreamManager();
  const { state } = await streams.streams.info(eventStream.name);
  const bodies: number[] = [];
  for (let seq = state.first_seq; state.messages > 0 && seq <= state.last_seq; seq++) {
    bodies.push((JSON.parse(Buffer.from((await streams.streams.getMessage(eventStream.name, { seq })).data).toString()) as { body: { n: number } }).body.n);
  }
  return bodies;
}

const empty = async () => (await database.prisma.outbox.count()) === 0;
const upTo = (n: number) => Array.from({ length: n }, (_, i) => i);

describe('the relay', () => {
  test('publishes every event of the outbox once and in order, and leaves none', async () => {
    await facts(0, 50);
    start();
    await eventually('the outbox is empty', empty);
    await facts(50, 60);
    await eventually('the outbox is empty again', empty);
    expect(await published()).toEqual(upTo(60));
  });

  test('publishes the whole message as JSON, whatever names and body hold', async () => {
    const at = new Date('2026-03-01T12:00:00.123Z');
    const odd = { tenant: 'a "tenant"', station: 'CP\\1 \u00fc', type: 'transaction.updated', at, body: { text: 'line\nbreak "quoted"', nested: [1, { two: null }] } };
    await database.prisma.outbox.create({ data: odd });
    start();
    await eventually('the outbox is empty', empty);
    const message = await (await bus.connection.jetstreamManager()).streams.getMessage(eventStream.name, { last_by_subj: 'events.>' });
    expect(JSON.parse(Buffer.from(message.data).toString())).toEqual({ ...odd, id: expect.stringMatching(/^\d+$/), at: at.toISOString() });
  });

  test('takes more than one batch', async () => {
    await facts(0, 1_500);
    start();
    await eventually('the outbox is empty', empty, { timeoutMs: 15_000 });
    expect((await (await bus.connection.jetstreamManager()).streams.info(eventStream.name)).state.messages).toBe(1_500);
  });

  test('that ends between publishing and committing loses nothing and doubles nothing: the next one repeats the same ids', async () => {
    await facts(0, 20);
    const ids: string[][] = [];
    let crashed = false;
    start(async (events) => {
      ids.push(events.map(({ id }) => id));
      await stream.publishWritten(events);
      if (!crashed) {
        crashed = true;
        throw new Error('the process ends here');
      }
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
    expect(await database.prisma.outbox.count()).toBe(5);
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
    const insert = { name: 'insert-fact', text: `INSERT INTO outbox (tenant, station, type, body) VALUES ('acme', 'CP-1', 'transaction.updated', '{"n":0}')` };
    let inserted = false;
    const slow = database.transaction(async (run) => {
      await run(insert, []);
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
