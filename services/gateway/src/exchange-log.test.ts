import { describe, expect, test } from '@jest/globals';
import { readExchanges, type ExchangeToLog } from '@ohmnibus/contracts';
import { Fault } from '@ohmnibus/domain';
import { eventually } from '@ohmnibus/testkit';
import { ExchangeLog } from './exchange-log.js';

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

  get ids(): string[] {
    return this.packs.flatMap((pack) => readExchanges(pack).map(({ messageId }) => messageId));
  }
}

const exchange = (messageId: string, bytes = 10): ExchangeToLog => ({
  direction: 'from-station',
  tenant: 'acme',
  station: 'CP-1',
  protocol: 'v16',
  epoch: 1,
  frame: 1,
  at: new Date(),
  latencyMs: 1,
  messageId,
  action: 'Heartbeat',
  request: Buffer.alloc(bytes, 'x'),
  answer: '{}',
});

describe('the way to the message log', () => {
  test('takes the exchanges of a moment together, in their order', async () => {
    const taker = new Taker();
    for (const id of ['a', 'b', 'c']) taker.log.record(exchange(id));
    expect(taker.packs).toEqual([]);
    await eventually('they have left', () => taker.log.waitingBytes === 0);
    expect(taker.packs).toHaveLength(1);
    expect(taker.ids).toEqual(['a', 'b', 'c']);
  });

  test('sends no pack that is larger than a message of NATS, whatever the frames', async () => {
    const taker = new Taker();
    for (const [n, size] of [200_000, 900_000, 10, 250_000, 900_000].entries()) taker.log.record(exchange(String(n), size));
    await taker.log.drain(1_000);
    expect(taker.ids).toEqual(['0', '1', '2', '3', '4']);
    expect(Math.max(...taker.packs.map(({ length }) => length))).toBeLessThan(1_000_000);
  });

  test('keeps what was not taken, and offers it again', async () => {
    const taker = new Taker();
    taker.fault = new Fault('unavailable', 'nobody serves');
    taker.log.record(exchange('a'));
    await taker.log.drain(50);
    expect(taker.log.waitingBytes).toBeGreaterThan(0);
    taker.fault = undefined;
    taker.log.record(exchange('b'));
    await taker.log.drain(1_000);
    expect(taker.ids.toSorted()).toEqual(['a', 'b']);
    expect([taker.log.waitingBytes, taker.dropped]).toEqual([0, 0]);
  });

  test('drops and counts what would be refused again, and what is too much to keep', async () => {
    const taker = new Taker(1_000);
    taker.fault = new Fault('bad-value', 'no such day');
    taker.log.record(exchange('a'));
    taker.log.record(exchange('b'));
    await taker.log.drain(50);
    expect([taker.dropped, taker.log.waitingBytes]).toEqual([2, 0]);
    taker.fault = new Fault('unavailable', 'nobody serves');
    for (let n = 0; n < 5; n++) {
      taker.log.record(exchange(String(n), 600));
      await taker.log.drain(1);
    }
    expect(taker.dropped).toBe(2 + 3);
  });
});
