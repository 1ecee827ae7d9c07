import { randomBytes } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { readExchanges, readStretches, type ExchangeToLog } from '@ohmnibus/contracts';
import { Fault } from '@ohmnibus/domain';
import { eventually } from '@ohmnibus/testkit';
import { ExchangeLog, type Logged } from './exchange-log.js';

type Ask = ConstructorParameters<typeof ExchangeLog>[0]['ask'];

/** The message log as its contract has it: takes packs, or fails them. */
class Taker {
  readonly packs: Buffer[] = [];
  fault: Fault | undefined;
  dropped = 0;
  readonly log: ExchangeLog;

  constructor(limitBytes = 10_000_000) {
    const ask = ((_contract: unknown, _tokens: unknown, pack: Buffer) => {
      if (this.fault) return Promise.reject(this.fault);
      this.packs.push(pack);
      return Promise.resolve();
    }) as unknown as Ask;
    this.log = new ExchangeLog({ ask }, { limitBytes, dropped: (exchanges) => (this.dropped += exchanges) });
  }

  get stretches() {
    return this.packs.flatMap(readStretches);
  }

  /** Message ids, stretch by stretch. */
  get ids(): string[][] {
    return this.stretches.map((stretch) => readExchanges(stretch).map(({ messageId }) => messageId));
  }
}

const connection = (station: string): Logged => ({ ref: { tenant: 'acme', station }, version: { name: 'v16' } });
const [one, other] = [connection('CP-1'), connection('CP-2')];

const exchange = (messageId: string, bytes = 10, more: Partial<ExchangeToLog> = {}): ExchangeToLog => ({
  direction: 'from-station',
  frame: 1,
  at: new Date(1_000),
  latencyMs: 1,
  messageId,
  action: 'Heartbeat',
  request: Buffer.alloc(bytes, 'x'),
  answer: '{}',
  ...more,
});

describe('the way to the message log', () => {
  test('takes the exchanges of a connection together, in their order', async () => {
    const taker = new Taker();
    for (const id of ['a', 'b', 'c']) for (const connected of [one, other]) taker.log.record(connected, 7, exchange(id));
    expect(taker.packs).toEqual([]);
    await eventually('they have left', () => taker.log.waitingBytes === 0);
    expect(taker.packs).toHaveLength(1);
    expect(taker.ids).toEqual([['a', 'b', 'c'], ['a', 'b', 'c']]);
    expect(taker.stretches.map(({ station }) => station)).toEqual(['CP-1', 'CP-2']);
  });

  test('says of a stretch when it began and ended, what it ended with and whether it may hold secrets', async () => {
    const taker = new Taker();
    taker.log.record(one, 7, exchange('a', 10, { at: new Date(5_000), frame: 4 }));
    taker.log.record(one, 7, exchange('b', 10, { at: new Date(2_000), frame: 9, latencyMs: 8_000, direction: 'to-station', action: 'ChangeConfiguration' }));
    taker.log.record(other, 7, exchange('c'));
    await taker.log.drain(1_000);
    const common = { tenant: 'acme', protocol: 'v16', epoch: 7 };
    expect(taker.stretches).toMatchObject([
      { ...common, station: 'CP-1', beganAt: new Date(2_000), endedAt: new Date(10_000), direction: 'to-station', frame: 9, count: 2, secrets: true },
      { ...common, station: 'CP-2', beganAt: new Date(1_000), endedAt: new Date(1_001), direction: 'from-station', frame: 1, count: 1, secrets: false },
    ]);
  });

  test('begins a new stretch with a new epoch, and where one is as large as a row should be', async () => {
    const taker = new Taker();
    taker.log.record(one, 0, exchange('before'));
    for (const id of ['a', 'b', 'c']) taker.log.record(one, 7, exchange(id, 15_000));
    await taker.log.drain(1_000);
    expect(taker.ids).toEqual([['before'], ['a', 'b'], ['c']]);
    expect(taker.stretches.map(({ epoch }) => epoch)).toEqual([0, 7, 7]);
  });

  test('packs what is long, unless something in it has to be blanked out first', async () => {
    const taker = new Taker();
    for (const id of ['a', 'b']) taker.log.record(one, 7, exchange(id, 2_000));
    taker.log.record(other, 7, exchange('c', 4_000, { action: 'ChangeConfiguration' }));
    await taker.log.drain(1_000);
    expect(taker.ids).toEqual([['a', 'b'], ['c']]);
    const [packed, plain] = taker.stretches.map(({ exchanges }) => exchanges);
    expect(packed!.length).toBeLessThan(1_000);
    expect(plain!.includes('x'.repeat(4_000))).toBe(true);
  });

  test('goes on after a pause', async () => {
    const taker = new Taker();
    for (const id of ['a', 'b']) {
      taker.log.record(one, 7, exchange(id));
      await eventually('it has left', () => taker.log.waitingBytes === 0);
    }
    expect(taker.ids).toEqual([['a'], ['b']]);
    await taker.log.drain(0);
  });

  test('sends no pack that is larger than a message of NATS, whatever the frames', async () => {
    const taker = new Taker();
    for (const [n, size] of [200_000, 900_000, 10, 250_000, 900_000].entries()) taker.log.record(connection(`CP-${n}`), 7, exchange(String(n), size, { request: randomBytes(size) }));
    await taker.log.drain(1_000);
    expect(taker.ids.flat()).toEqual(['0', '1', '2', '3', '4']);
    expect(Math.max(...taker.packs.map(({ length }) => length))).toBeLessThan(1_000_000);
  });

  test('keeps what was not taken, and offers it again', async () => {
    const taker = new Taker();
    taker.fault = new Fault('unavailable', 'nobody serves');
    taker.log.record(one, 7, exchange('a'));
    await taker.log.drain(50);
    expect(taker.log.waitingBytes).toBeGreaterThan(0);
    taker.fault = undefined;
    taker.log.record(one, 7, exchange('b'));
    await taker.log.drain(1_000);
    expect(taker.ids.flat().toSorted()).toEqual(['a', 'b']);
    expect([taker.log.waitingBytes, taker.dropped]).toEqual([0, 0]);
  });

  test('lets go early of what comes too fast to stay open, and drops none of it', async () => {
    const taker = new Taker(100_000);
    const connections = Array.from({ length: 10 }, (_, i) => connection(`CP-${i}`));
    for (let turn = 0; turn < 20; turn++) {
      for (const of of connections) for (let n = 0; n < 5; n++) taker.log.record(of, 7, exchange(`${turn}.${n}`, 1_000));
      await new Promise(setImmediate);
    }
    expect(taker.packs.length).toBeGreaterThan(5);
    await taker.log.drain(1_000);
    expect([taker.dropped, taker.ids.flat().length]).toEqual([0, 1_000]);
  });

  test('drops and counts what would be refused again, and what is too much to keep', async () => {
    const taker = new Taker(1_000);
    taker.fault = new Fault('bad-value', 'no such day');
    taker.log.record(one, 7, exchange('a'));
    taker.log.record(other, 7, exchange('b'));
    await taker.log.drain(50);
    expect([taker.dropped, taker.log.waitingBytes]).toEqual([2, 0]);
    taker.fault = new Fault('unavailable', 'nobody serves');
    for (let n = 0; n < 5; n++) {
      taker.log.record(one, 7, exchange(String(n), 600));
      await taker.log.drain(1);
    }
    expect(taker.dropped).toBe(2 + 3);
  });
});
