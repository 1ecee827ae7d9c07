import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Bus, type Serving } from '@ohmnibus/bus';
import { gatewayCall, sendCommand, startCommand, stopCommand, type GatewayCall, type GatewayCallOutcome } from '@ohmnibus/contracts';
import { Database } from '@ohmnibus/database';
import { Fault, type ProtocolVersion } from '@ohmnibus/domain';
import { Presence } from '@ohmnibus/presence';
import { createLog, Metrics, type RunningParts } from '@ohmnibus/runtime';
import { eventually, openTestkit, type Testkit } from '@ohmnibus/testkit';
import { startService } from './start-service.js';

const tenant = 'default';
let kit: Testkit;
let bus: Bus;
let presence: Presence;
let database: Database;
const services: RunningParts[] = [];
let stations = 0;

beforeAll(async () => {
  kit = await openTestkit();
  bus = await Bus.connect({ url: kit.natsUrl, name: 'test' });
  presence = await Presence.connect({ url: kit.redisUrl });
  database = new Database({ url: kit.databaseUrl, name: 'test' });
  services.push(await anotherProcess(), await anotherProcess());
});

afterAll(async () => {
  for (const service of services) await service.stop();
  await Promise.all([bus.close(), presence.close(), database.close()]);
  await kit.close();
});

/** A second one tells what two processes do to each other. */
function anotherProcess(): Promise<RunningParts> {
  const settings = {
    NATS_URL: kit.natsUrl,
    REDIS_URL: kit.redisUrl,
    DATABASE_URL: kit.databaseUrl,
    DATABASE_POOL_SIZE: 4,
    COMMAND_OVERDUE_CHECK_SECONDS: 1,
    COMMAND_STOP_GRACE_SECONDS: 1,
  };
  return startService(settings, { log: createLog('command', 'silent'), metrics: new Metrics('command') });
}

interface Pod {
  readonly name: string;
  readonly calls: GatewayCall[];
  readonly serving: Serving;
}

/** A gateway pod as the command service sees one: somebody who answers its contract. */
async function pod(name: string, answer: (call: GatewayCall, nth: number) => GatewayCallOutcome | Promise<GatewayCallOutcome>): Promise<Pod> {
  const calls: GatewayCall[] = [];
  const serving = bus.serve(gatewayCall, { pod: name }, (call) => {
    calls.push(call);
    return answer(call, calls.length);
  });
  await bus.connection.flush();
  await presence.refreshLiveness(name, 60_000);
  return { name, calls, serving };
}

async function connect(podName: string, protocol: ProtocolVersion = 'v16', station = `CS-${++stations}`): Promise<{ station: string; epoch: number }> {
  const claim = await presence.claim({ tenant, station, pod: podName, connection: ++stations, acceptedAt: presence.now() }, { protocol, remoteAddress: '127.0.0.1', since: Date.now() });
  if (claim.kind !== 'owned') throw new Error('superseded');
  return { station, epoch: claim.epoch };
}

const result = (payload: object): GatewayCallOutcome => ({ kind: 'result', payload: JSON.stringify(payload) });
const accepting = () => result({ status: 'Accepted' });
const never = () => new Promise<never>(() => undefined);

function send(station: string, more: object = {}) {
  return bus.ask(sendCommand, {}, { tenant, station, action: 'Reset', payload: { type: 'Soft' }, timeoutSeconds: 5, ...more });
}

async function stored(id: string) {
  return database.prisma.command.findUniqueOrThrow({ where: { id } });
}

async function rejection(promise: Promise<unknown>): Promise<Fault> {
  const outcome = await promise.then(
    () => undefined,
    (error: unknown) => error,
  );
  expect(outcome).toBeInstanceOf(Fault);
  return outcome as Fault;
}

describe('a command to a connected station', () => {
  test('goes to the pod that holds its socket, with its epoch, and answers what the station said', async () => {
    const gateway = await pod('pod-plain', accepting);
    const { station, epoch } = await connect(gateway.name);
    const before = Date.now();
    const answer = await send(station, { requestedBy: 'a test', payload: { type: 'Soft', extension: { deep: [1, 'é', null] } } });
    expect(answer).toEqual({ id: expect.any(String), state: 'accepted', result: { type: 'CALLRESULT', payload: { status: 'Accepted' } } });
    expect(gateway.calls).toHaveLength(1);
    expect(gateway.calls[0]).toMatchObject({ tenant, station, epoch, id: answer.id, action: 'Reset', payload: '{"type":"Soft","extension":{"deep":[1,"é",null]}}' });
    expect(gateway.calls[0]!.deadline).toBeGreaterThanOrEqual(before + 5000);
    expect(gateway.calls[0]!.answerTimeoutMs).toBeLessThanOrEqual(5000);
    expect(await stored(answer.id)).toMatchObject({ tenant, station, action: 'Reset', state: 'accepted', requestedBy: 'a test', result: answer.result, finishedAt: expect.any(Date) });
  });

  test.each([
    ['a refusal', result({ status: 'Rejected' }), 'rejected', { type: 'CALLRESULT', payload: { status: 'Rejected' } }],
    [
      'a CALLERROR',
      { kind: 'error', code: 'NotSupported', description: 'no', details: { a: 1 } } as const,
      'failed',
      { type: 'CALLERROR', code: 'NotSupported', description: 'no', details: { a: 1 } },
    ],
    ['no answer in time', { kind: 'unanswered', reason: 'timeout' } as const, 'unknown', { type: 'none', reason: 'timeout' }],
    ['a connection lost on the way', { kind: 'unanswered', reason: 'connection-lost' } as const, 'unknown', { type: 'none', reason: 'connection-lost' }],
    ['a deadline that passed in the queue', { kind: 'not-written', reason: 'expired' } as const, 'expired', { type: 'none', reason: 'expired' }],
    ['a queue that is full', { kind: 'not-written', reason: 'overloaded' } as const, 'failed', { type: 'none', reason: 'overloaded' }],
    ['an id that was written before', { kind: 'not-written', reason: 'repeated' } as const, 'unknown', { type: 'none', reason: 'repeated' }],
    ['a result that is not JSON', { kind: 'result', payload: '{"status":' } as const, 'unknown', { type: 'CALLRESULT', payload: '{"status":' }],
    ['a result without a verdict', result({ state: 'Accepted' }), 'unknown', { type: 'CALLRESULT', payload: { state: 'Accepted' } }],
    ['a result with more than its schema has', result({ status: 'Accepted', more: 1 }), 'accepted', { type: 'CALLRESULT', payload: { status: 'Accepted', more: 1 } }],
  ] as const)('tells %s', async (_, outcome, state, expected) => {
    const gateway = await pod(`pod-${++stations}`, () => outcome);
    const { station } = await connect(gateway.name);
    const answer = await send(station);
    expect(answer).toEqual({ id: answer.id, state, result: expected });
    expect(gateway.calls).toHaveLength(1);
    expect(await stored(answer.id)).toMatchObject({ state, result: expected });
  });

  test('dispatches an action that no version knows, and takes its result for accepted', async () => {
    const gateway = await pod(`pod-${++stations}`, () => result({ whatever: true }));
    const { station } = await connect(gateway.name, 'v201');
    expect(await send(station, { action: 'MadeUpByTheVendor', payload: {} })).toMatchObject({ state: 'accepted', result: { payload: { whatever: true } } });
  });

  test('is asked once and ends as unknown if the pod never answers', async () => {
    const gateway = await pod(`pod-${++stations}`, never);
    const { station } = await connect(gateway.name);
    const answer = await send(station, { timeoutSeconds: 0.2 });
    expect(answer).toMatchObject({ state: 'unknown', result: { type: 'none', reason: 'timeout' } });
    expect(gateway.calls).toHaveLength(1);
    expect(await presence.owner({ tenant, station })).toMatchObject({ pod: gateway.name });
  });
});

describe('a command to a station that is not where it was', () => {
  test('fails as offline if nobody owns the station', async () => {
    const answer = await send('CS-nowhere');
    expect(answer).toMatchObject({ state: 'failed', result: { type: 'none', reason: 'offline' } });
    expect(await stored(answer.id)).toMatchObject({ state: 'failed', finishedAt: expect.any(Date) });
  });

  test('looks it up again after "stale" and goes to the new pod', async () => {
    const next = await pod(`pod-${++stations}`, accepting);
    const station = `CS-${++stations}`;
    const first = await pod(`pod-${++stations}`, async () => {
      await connect(next.name, 'v16', station);
      return { kind: 'stale' };
    });
    await connect(first.name, 'v16', station);
    expect(await send(station)).toMatchObject({ state: 'accepted' });
    expect([first.calls.length, next.calls.length]).toEqual([1, 1]);
    expect(next.calls[0]!.id).toBe(first.calls[0]!.id);
    expect(next.calls[0]!.epoch).toBeGreaterThan(first.calls[0]!.epoch);
  });

  test('gives up after two retries', async () => {
    const gateway = await pod(`pod-${++stations}`, () => ({ kind: 'stale' }));
    const { station } = await connect(gateway.name);
    expect(await send(station)).toMatchObject({ state: 'failed', result: { type: 'none', reason: 'offline' } });
    expect(gateway.calls).toHaveLength(3);
  });

  test('fails as gateway-gone and leaves the entry of a pod that lives though nobody listens for it', async () => {
    const name = `pod-${++stations}`;
    await presence.refreshLiveness(name, 60_000);
    const { station, epoch } = await connect(name);
    expect(await send(station)).toMatchObject({ state: 'failed', result: { type: 'none', reason: 'gateway-gone' } });
    expect(await presence.owner({ tenant, station })).toMatchObject({ pod: name, epoch });
  });

  test('fails as gateway-gone and clears the entry of a pod that lives no more', async () => {
    const { station } = await connect(`pod-${++stations}`);
    expect(await send(station)).toMatchObject({ state: 'failed', result: { type: 'none', reason: 'gateway-gone' } });
    expect(await presence.owner({ tenant, station })).toBeUndefined();
  });
});

describe('an idempotency key', () => {
  test('of two at once has one sent and answers both alike', async () => {
    const gateway = await pod(`pod-${++stations}`, accepting);
    const { station } = await connect(gateway.name);
    const answers = await Promise.all(Array.from({ length: 8 }, () => send(station, { idempotencyKey: 'at once' })));
    expect(gateway.calls).toHaveLength(1);
    expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1);
    expect(answers[0]).toMatchObject({ state: 'accepted' });
  });

  test('that is used again gets the first answer, however its payload is spelt and even if the station is gone', async () => {
    const gateway = await pod(`pod-${++stations}`, accepting);
    const { station } = await connect(gateway.name);
    const first = await send(station, { idempotencyKey: 'later', payload: { type: 'Soft', more: { a: 1, b: 2 } } });
    await gateway.serving.stop();
    expect(await send(station, { idempotencyKey: 'later', payload: { more: { b: 2, a: 1 }, type: 'Soft' }, timeoutSeconds: 9 })).toEqual(first);
    expect(gateway.calls).toHaveLength(1);
  });

  test('of another order is a conflict, and of another tenant another key', async () => {
    const gateway = await pod(`pod-${++stations}`, accepting);
    const { station } = await connect(gateway.name);
    await send(station, { idempotencyKey: 'other' });
    for (const different of [{ payload: { type: 'Hard' } }, { payload: {} }, { payload: { type: ['Soft'] } }, { action: 'ClearCache' }, { station: 'CS-other' }]) {
      expect((await rejection(send(station, { idempotencyKey: 'other', ...different }))).code).toBe('conflict');
    }
    expect(await send(station, { idempotencyKey: 'other', tenant: 'second' })).toMatchObject({ state: 'failed', result: { reason: 'offline' } });
    expect(gateway.calls).toHaveLength(1);
  });
});

describe('start and stop', () => {
  test('become the messages of the version that the station speaks', async () => {
    const gateway = await pod(`pod-${++stations}`, accepting);
    const old = await connect(gateway.name, 'v16');
    const newer = await connect(gateway.name, 'v201');
    for (const { station } of [old, newer]) {
      expect(await bus.ask(startCommand, {}, { tenant, station, token: 'AbC', evse: 2, timeoutSeconds: 5 })).toMatchObject({ state: 'accepted' });
    }
    expect(gateway.calls.map(({ action }) => action)).toEqual(['RemoteStartTransaction', 'RequestStartTransaction']);
    expect(JSON.parse(gateway.calls[0]!.payload)).toEqual({ idTag: 'AbC', connectorId: 2 });
    const { remoteStartId, ...rest } = JSON.parse(gateway.calls[1]!.payload) as { remoteStartId: number };
    expect(rest).toEqual({ evseId: 2, idToken: { idToken: 'AbC', type: 'Central' } });
    expect(remoteStartId).toBeGreaterThan(0);
    expect(remoteStartId).toBeLessThan(2 ** 31);

    const numbers = [];
    for (const [{ station }, wireId, protocol] of [
      [old, 'x', 'v16'],
      [newer, 'its-own-id', 'v201'],
    ] as const) {
      const { number } = await database.prisma.transaction.create({ data: { tenant, station, key: `key-${station}`, wireId, protocol } });
      numbers.push(number);
      expect(await bus.ask(stopCommand, {}, { tenant, station, transaction: String(number), timeoutSeconds: 5 })).toMatchObject({ state: 'accepted' });
    }
    await bus.ask(stopCommand, {}, { tenant, station: newer.station, transaction: 'its-own-id', timeoutSeconds: 5 });
    expect(gateway.calls.slice(2).map(({ action, payload }) => [action, JSON.parse(payload)])).toEqual([
      ['RemoteStopTransaction', { transactionId: numbers[0] }],
      ['RequestStopTransaction', { transactionId: 'its-own-id' }],
      ['RequestStopTransaction', { transactionId: 'its-own-id' }],
    ]);
  });

  test('a token that the version cannot carry is the caller\'s error, and nothing is stored or sent', async () => {
    const gateway = await pod(`pod-${++stations}`, accepting);
    const { station } = await connect(gateway.name, 'v16');
    const fault = await rejection(bus.ask(startCommand, {}, { tenant, station, token: 'x'.repeat(21), timeoutSeconds: 5 }));
    expect(fault.code).toBe('bad-value');
    expect(gateway.calls).toHaveLength(0);
    expect(await database.prisma.command.count({ where: { station } })).toBe(0);
  });

  test('a start of an offline station is kept in no version\'s words', async () => {
    const answer = await bus.ask(startCommand, {}, { tenant, station: 'CS-away', token: 'AbC', timeoutSeconds: 5, idempotencyKey: 'start' });
    expect(answer).toMatchObject({ state: 'failed', result: { type: 'none', reason: 'offline' } });
    expect(await stored(answer.id)).toMatchObject({ action: 'startCharging', payload: { token: { value: 'AbC' } } });
    expect(await bus.ask(startCommand, {}, { tenant, station: 'CS-away', token: 'AbC', timeoutSeconds: 5, idempotencyKey: 'start' })).toEqual(answer);
  });

  test('a stop of a transaction that is not there, is another station\'s or has ended is refused', async () => {
    const gateway = await pod(`pod-${++stations}`, accepting);
    const { station } = await connect(gateway.name, 'v16');
    const data = { tenant, station, protocol: 'v16', wireId: 'w' };
    const ended = await database.prisma.transaction.create({ data: { ...data, key: 'ended', endedAt: new Date() } });
    const elsewhere = await database.prisma.transaction.create({ data: { ...data, station: 'CS-elsewhere', key: 'open' } });
    const stop = (transaction: string, more: object = {}) => rejection(bus.ask(stopCommand, {}, { tenant, station, transaction, timeoutSeconds: 5, ...more }));
    expect((await stop(String(ended.number))).code).toBe('conflict');
    for (const transaction of [String(elsewhere.number), '2147483647', '2147483648', '99999999999', '0', '-1', '1e3', 'none']) {
      expect([transaction, (await stop(transaction)).code]).toEqual([transaction, 'not-found']);
    }
    expect((await stop('nul\0')).code).toBe('bad-value');
    expect(gateway.calls).toHaveLength(0);
  });

  test('a stop that is repeated after its transaction has ended gets the first answer', async () => {
    const gateway = await pod(`pod-${++stations}`, accepting);
    const { station } = await connect(gateway.name, 'v16');
    const { number } = await database.prisma.transaction.create({ data: { tenant, station, protocol: 'v16', wireId: 'w', key: 'k' } });
    const stop = () => bus.ask(stopCommand, {}, { tenant, station, transaction: String(number), timeoutSeconds: 5, idempotencyKey: `stop ${number}` });
    const first = await stop();
    await database.prisma.transaction.update({ where: { number }, data: { endedAt: new Date() } });
    expect(await stop()).toEqual(first);
    expect(gateway.calls).toHaveLength(1);
  });
});

describe('what any client may send', () => {
  test.each([
    ['no JSON', '{"station":', 'unreadable'],
    ['nothing', '', 'unreadable'],
    ['a list', '[]', 'bad-value'],
    ['null', 'null', 'bad-value'],
    ['no station', '{"action":"Reset","payload":{}}', 'bad-value'],
    ['an empty station', '{"station":"","action":"Reset","payload":{}}', 'bad-value'],
    ['a station that is a number', '{"station":7,"action":"Reset","payload":{}}', 'bad-value'],
    ['no action', '{"station":"CS","payload":{}}', 'bad-value'],
    ['an action with white space', '{"station":"CS","action":"Re set","payload":{}}', 'bad-value'],
    ['no payload', '{"station":"CS","action":"Reset"}', 'bad-value'],
    ['a payload that is a list', '{"station":"CS","action":"Reset","payload":[]}', 'bad-value'],
    ['a timeout of nothing', '{"station":"CS","action":"Reset","payload":{},"timeoutSeconds":0}', 'bad-value'],
    ['a timeout of hours', '{"station":"CS","action":"Reset","payload":{},"timeoutSeconds":7200}', 'bad-value'],
    ['an idempotency key that cannot be stored', '{"station":"CS","action":"Reset","payload":{},"idempotencyKey":"\\u0000"}', 'bad-value'],
  ])('%s is answered with an error', async (_, body, code) => {
    const reply = await bus.connection.request('csms.command.send', body, { timeout: 5000 });
    expect(reply.headers?.get('Nats-Service-Error-Code')).toBe(code);
    expect(reply.headers?.get('Nats-Service-Error')).not.toBe('');
    expect(reply.json()).toMatchObject({ code, message: expect.any(String) });
  });

  test('tenant and timeout may be left out', async () => {
    const gateway = await pod(`pod-${++stations}`, accepting);
    const { station } = await connect(gateway.name);
    const reply = await bus.connection.request('csms.command.send', JSON.stringify({ station, action: 'ClearCache', payload: {} }), { timeout: 5000 });
    expect(reply.headers?.has('Nats-Service-Error-Code') ?? false).toBe(false);
    expect(reply.json()).toMatchObject({ state: 'accepted' });
    expect(gateway.calls[0]!.deadline - Date.now()).toBeGreaterThan(25_000);
  });
});

test('a command whose process died ends as unknown', async () => {
  const gateway = await pod(`pod-${++stations}`, never);
  const { station } = await connect(gateway.name);
  const open = send(station, { idempotencyKey: 'crash', timeoutSeconds: 600 });
  open.catch(() => undefined);
  const call = await eventually('the command is on its way', () => gateway.calls[0]);
  // As if the process had died after sending: the row stays behind, its time runs out.
  await database.prisma.command.update({ where: { id: call.id }, data: { deadline: new Date(Date.now() - 10_000) } });
  const row = await eventually('the command has ended', async () => {
    const found = await stored(call.id);
    return found.finishedAt && found;
  });
  expect(row).toMatchObject({ state: 'unknown', result: { type: 'none', reason: 'interrupted' } });
});

test('a process that is told to stop answers what it has in work as unknown', async () => {
  const gateway = await pod(`pod-${++stations}`, never);
  const { station } = await connect(gateway.name);
  const open = send(station, { timeoutSeconds: 600 });
  await eventually('the command is on its way', () => gateway.calls[0]);
  await Promise.all(services.splice(0).map((service) => service.stop()));
  const answer = await open;
  expect(answer).toMatchObject({ state: 'unknown', result: { type: 'none', reason: 'interrupted' } });
  expect(await stored(answer.id)).toMatchObject({ state: 'unknown' });
  services.push(await anotherProcess());
});
