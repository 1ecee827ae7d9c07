import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { measuredClocks, type MeasuredClocks } from '@ohmnibus/contracts';
import type { Transaction } from '@ohmnibus/database';
import { eventually } from '@ohmnibus/testkit';
import { TransactionFixture } from '../transaction-fixture.js';

let service: TransactionFixture;
/** What session would have been told. */
const told: MeasuredClocks['clocks'] = [];

beforeAll(async () => {
  service = await TransactionFixture.open({}, { OUTBOX_POLL_MILLISECONDS: '20', CONNECTOR_MAX_KW: '50', CLOCK_FLUSH_SECONDS: '1' });
  await service.token('DRIVER');
  service.buses[1].serve(measuredClocks, {}, ({ clocks }) => {
    told.push(...clocks);
    return {};
  });
});
afterAll(() => service.close());

const now = Date.now();
const minute = (n: number) => new Date(now - 3_600_000 + n * 60_000);
const start = async (station: string, n: number, meterStart: number, more: object = {}) =>
  Number((await service.call(station, 'StartTransaction', { connectorId: 1, idTag: 'DRIVER', meterStart, timestamp: minute(n).toISOString(), ...more }, { receivedAt: minute(n) }))['transactionId']);
const stop = (station: string, transactionId: number, n: number, meterStop: number, more: object = {}) =>
  service.call(station, 'StopTransaction', { transactionId, meterStop, timestamp: minute(n).toISOString(), ...more }, { receivedAt: minute(n) });
const measure = (station: string, transactionId: number, n: number, wh: number) =>
  service.call(station, 'MeterValues', { connectorId: 1, transactionId, meterValue: [{ timestamp: minute(n).toISOString(), sampledValue: [{ value: String(wh) }] }] }, { receivedAt: minute(n) });

const find = async (number: number) => (await service.database.prisma.transaction.findUnique({ where: { number } }))!;

/** The transaction, once a review has made of it what is expected; the review of a later one of another station shows that it is over. */
async function reviewed(number: number, expected: (row: Transaction) => boolean): Promise<Transaction> {
  return eventually(`transaction ${number} is reviewed`, async () => {
    const row = await find(number);
    return expected(row) ? row : undefined;
  });
}
const flagged = (number: number, flag: string) => reviewed(number, ({ flags }) => flags.includes(flag));

let witnesses = 0;
/** Resolves when what ended before has been reviewed. */
async function everythingIsReviewed(): Promise<void> {
  const station = `witness-${++witnesses}`;
  const number = await start(station, 0, 0);
  await stop(station, number, 1, 9_000_000);
  await flagged(number, 'energy-implausible');
}

describe('a charge that has ended', () => {
  test('is left alone where everything is in order', async () => {
    const first = await start('orderly', 0, 1_000);
    await measure('orderly', first, 10, 5_000);
    await stop('orderly', first, 20, 9_000);
    const second = await start('orderly', 30, 9_000);
    await stop('orderly', second, 40, 12_000);
    await everythingIsReviewed();
    expect(await service.transactions('orderly')).toMatchObject([{ flags: [] }, { flags: [] }]);
  });

  test('is flagged for more energy than the connector could deliver, also where it jumps on the way', async () => {
    const jump = await start('jump', 0, 0);
    await measure('jump', jump, 10, 40_000);
    await stop('jump', jump, 59, 40_100);
    expect((await flagged(jump, 'energy-implausible')).flags).toEqual(['energy-implausible']);
  });

  test('is flagged for a register that fell on the way', async () => {
    const fell = await start('fell', 0, 5_000);
    await measure('fell', fell, 10, 4_000);
    await stop('fell', fell, 20, 8_000);
    expect((await flagged(fell, 'energy-decreased')).flags).toEqual(['energy-decreased']);
  });

  test('is flagged for energy that flowed between it and the charge before', async () => {
    const first = await start('gap', 0, 0);
    await stop('gap', first, 10, 3_000);
    const second = await start('gap', 20, 7_000);
    await stop('gap', second, 30, 9_000);
    expect((await flagged(second, 'meter-gap')).flags).toEqual(['meter-gap']);
    expect((await find(first)).flags).toEqual([]);
  });

  test('is unflagged when the late end of the charge before explains the gap', async () => {
    const first = await start('explained', 0, 0);
    await measure('explained', first, 5, 1_000);
    const second = await start('explained', 20, 3_000);
    await stop('explained', second, 30, 5_000);
    await flagged(second, 'meter-gap');
    expect(await find(first)).toMatchObject({ endKind: 'inferred', endWh: 1_000 });
    await stop('explained', first, 10, 3_000);
    expect((await reviewed(second, ({ flags }) => flags.length === 0)).endKind).toBe('reported');
  });

  test('is not reviewed twice with another outcome', async () => {
    const number = await start('again', 0, 0);
    await stop('again', number, 1, 8_000_000);
    const first = await flagged(number, 'energy-implausible');
    await stop('again', number, 1, 8_000_000);
    await everythingIsReviewed();
    expect(await find(number)).toEqual(first);
  });
});

describe('a charge by a clock that cannot be right', () => {
  const off = new Date('1970-01-01T00:00:00Z').getTime() - minute(0).getTime();
  const wrong = (n: number) => ({ timestamp: new Date(minute(n).getTime() + off).toISOString() });

  test('has its times corrected by the drift of that time, beside what the station said and when we heard it', async () => {
    await service.database.prisma.stationClock.create({ data: { tenant: 'acme', station: '1970', since: minute(-10), until: minute(10), driftMs: BigInt(off), measurements: 9 } });
    const number = await start('1970', 0, 0, wrong(-2));
    await stop('1970', number, 20, 5_000, wrong(19));
    const row = await reviewed(number, ({ endCorrectedAt }) => endCorrectedAt !== null);
    expect(row).toMatchObject({
      startedAt: new Date(wrong(-2).timestamp),
      startReceivedAt: minute(0),
      startCorrectedAt: minute(-2),
      endedAt: new Date(wrong(19).timestamp),
      endReceivedAt: minute(20),
      endCorrectedAt: minute(19),
      flags: ['clock-implausible'],
    });
  });

  test('stays without corrected times where its clock was not measured, and its energy is judged by when we heard of it', async () => {
    const set = await start('set', 0, 0, wrong(0));
    await stop('set', set, 30, 20_000);
    const fast = await start('set-2', 0, 0, wrong(0));
    await stop('set-2', fast, 30, 90_000, wrong(0));
    expect((await flagged(fast, 'energy-implausible')).flags).toEqual(['clock-implausible', 'energy-implausible']);
    await everythingIsReviewed();
    expect(await find(set)).toMatchObject({ flags: ['clock-implausible'], startCorrectedAt: null, endCorrectedAt: null });
  });
});

test('starts that are live measure the clock of their station', async () => {
  await start('fast-clock', 0, 0, { timestamp: minute(3).toISOString() });
  const measured = await eventually('session is told', () => told.find(({ station }) => station === 'fast-clock'));
  expect(measured).toEqual({ tenant: 'acme', station: 'fast-clock', driftMs: 180_000, since: minute(0).toISOString(), until: minute(0).toISOString(), measurements: 1 });
  const event = { eventType: 'Started', timestamp: minute(9).toISOString(), triggerReason: 'CablePluggedIn', seqNo: 0, transactionInfo: { transactionId: 't' }, evse: { id: 1 } };
  await service.call('v201-kept', 'TransactionEvent', { ...event, offline: true }, { protocol: 'v201', receivedAt: minute(0) });
  await service.call('v201-live', 'TransactionEvent', event, { protocol: 'v201', receivedAt: minute(0) });
  await eventually('session is told of the live one', () => told.some(({ station }) => station === 'v201-live'));
  expect(told.some(({ station }) => station === 'v201-kept')).toBe(false);
});
