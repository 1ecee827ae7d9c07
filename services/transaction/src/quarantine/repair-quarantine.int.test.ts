import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { mergeQuarantined, replayQuarantined, resolveQuarantined, type Repaired } from '@ohmnibus/contracts';
import type { Quarantine } from '@ohmnibus/database';
import { TransactionFixture } from '../transaction-fixture.js';

let service: TransactionFixture;

beforeAll(async () => {
  service = await TransactionFixture.open();
  await service.token('DRIVER');
});
afterAll(() => service.close());

const now = Date.now();
const minute = (n: number) => new Date(now - 3_600_000 + n * 60_000).toISOString();
const unknown = 1_999_999_999;

const start = async (station: string, more: object = {}) =>
  Number((await service.call(station, 'StartTransaction', { connectorId: 1, idTag: 'DRIVER', meterStart: 1_000, timestamp: minute(0), ...more }))['transactionId']);
const stop = (station: string, transactionId: number, n = 30, more: object = {}) =>
  service.call(station, 'StopTransaction', { transactionId, meterStop: 6_000, timestamp: minute(n), ...more });
const measure = (station: string, transactionId: number, n = 10, connectorId = 1) =>
  service.call(station, 'MeterValues', { connectorId, transactionId, meterValue: [{ timestamp: minute(n), sampledValue: [{ value: '2500', context: 'Sample.Periodic' }] }] });

async function kept(station: string): Promise<Quarantine> {
  const [first, second] = await service.quarantined(station);
  if (!first || second) throw new Error(`${station} has ${first ? 'several reports' : 'no report'} in quarantine`);
  return first;
}
const asked = async (station: string) => ({ tenant: 'acme', requestedBy: 'op', id: String((await kept(station)).id) });
const resolve = async (station: string, note: string, requestedBy = 'op') => service.buses[0].ask(resolveQuarantined, {}, { ...(await asked(station)), note, requestedBy });
const merge = async (station: string, transaction: number, note?: string) => service.buses[0].ask(mergeQuarantined, {}, { ...(await asked(station)), transaction, note });
const replay = async (station: string) => service.buses[0].ask(replayQuarantined, {}, await asked(station));
const code = (repair: Promise<Repaired>) => repair.then(() => 'done', ({ code: fault }: { code: string }) => fault);

describe('a report in quarantine', () => {
  test('is resolved by an operator’s word, once', async () => {
    await stop('word', unknown);
    expect(await resolve('word', 'a test of the installer')).toMatchObject({ resolution: 'resolved', transaction: null });
    expect(await resolve('word', 'a test of the installer')).toMatchObject({ resolution: 'resolved' });
    expect(await kept('word')).toMatchObject({
      resolution: 'resolved',
      resolvedAt: expect.any(Date),
      resolvedBy: 'op',
      note: 'a test of the installer',
      audit: [{ at: expect.any(String), by: 'op', action: 'resolve', note: 'a test of the installer', outcome: 'done' }],
    });
    expect(await code(resolve('word', 'something else'))).toBe('conflict');
    expect(await code(resolve('word', 'a test of the installer', 'another'))).toBe('conflict');
    expect(await code(replay('word'))).toBe('conflict');
    expect((await kept('word')).audit).toHaveLength(1);
  });

  test('says what the station said, to the letter', async () => {
    const idTag = 'x\\u0000';
    expect(await stop('to-the-letter', unknown, 30, { idTag })).toMatchObject({});
    expect(await kept('to-the-letter')).toMatchObject({ report: { token: { value: idTag } } });
  });

  test('is not there for another tenant', async () => {
    await stop('mine', unknown);
    const question = { ...(await asked('mine')), tenant: 'stranger', note: 'x' };
    await expect(service.buses[0].ask(resolveQuarantined, {}, question)).rejects.toMatchObject({ code: 'not-found' });
    await expect(service.buses[0].ask(resolveQuarantined, {}, { ...question, tenant: 'acme', id: '999999999' })).rejects.toMatchObject({ code: 'not-found' });
  });
});

describe('the end of a transaction that was not known', () => {
  test('is merged into the one that it belongs to, with its readings, and told', async () => {
    const number = await start('odd-stop');
    await stop('odd-stop', unknown, 30, { reason: 'EVDisconnected', transactionData: [{ timestamp: minute(20), sampledValue: [{ value: '4000' }] }] });
    expect(await merge('odd-stop', number, 'wrong number')).toMatchObject({ resolution: 'merged', transaction: number });
    expect(await service.transaction('odd-stop')).toMatchObject({ endKind: 'reported', endedAt: new Date(minute(30)), endWh: 6_000, stopReason: 'EVDisconnected' });
    expect((await service.samples('odd-stop')).map(({ transaction, registerWh }) => [transaction, registerWh])).toEqual([[number, 1_000], [number, 6_000]]);
    expect((await service.events('odd-stop')).map(({ type }) => type)).toEqual(['transaction.started', 'transaction.ended']);
    expect(await kept('odd-stop')).toMatchObject({ resolution: 'merged', transaction: number, note: 'wrong number', audit: [{ action: 'merge', transaction: number, outcome: 'done' }] });
    // The same again changes nothing, another transaction is refused.
    expect(await merge('odd-stop', number)).toMatchObject({ resolution: 'merged', transaction: number });
    expect(await code(merge('odd-stop', number + 1))).toBe('conflict');
  });

  test('is not merged where the station has ended the transaction itself, which is noted', async () => {
    const number = await start('ended');
    await stop('ended', number, 20);
    await stop('ended', unknown, 30);
    expect(await code(merge('ended', number))).toBe('conflict');
    expect(await code(merge('ended', 1_888_888_888))).toBe('not-found');
    expect(await service.transaction('ended')).toMatchObject({ endedAt: new Date(minute(20)) });
    expect(await kept('ended')).toMatchObject({
      resolvedAt: null,
      audit: [
        { action: 'merge', transaction: number, outcome: 'refused', reason: expect.stringContaining('ended by its station already') },
        { action: 'merge', transaction: 1_888_888_888, outcome: 'refused' },
      ],
    });
    expect(await resolve('ended', 'sent twice')).toMatchObject({ resolution: 'resolved' });
  });

  test('is merged by one of two operators at once', async () => {
    const [first, second] = [await start('race'), await start('race-2')];
    await stop('race', unknown);
    const outcomes = await Promise.all([code(merge('race', first)), code(merge('race', second))]);
    expect(outcomes.toSorted()).toEqual(['conflict', 'done']);
    const ends = [await service.transaction('race'), await service.transaction('race-2')].filter(({ endedAt }) => endedAt !== null);
    expect(ends).toHaveLength(1);
  });

  test('is replayed after the transaction has appeared, and refused before', async () => {
    await stop('appears', 1_777_777_777);
    expect(await code(replay('appears'))).toBe('conflict');
    const data = { number: 1_777_777_777, tenant: 'acme', station: 'appears', key: 'imported', wireId: '1777777777', protocol: 'v16', evse: 1, connector: 1, startedAt: new Date(minute(0)), startWh: 1_000 };
    await service.database.prisma.transaction.create({ data });
    expect(await replay('appears')).toMatchObject({ resolution: 'replayed', transaction: 1_777_777_777 });
    expect(await service.transaction('appears')).toMatchObject({ endKind: 'reported', endWh: 6_000 });
    expect(await kept('appears')).toMatchObject({
      audit: [
        { action: 'replay', outcome: 'refused', reason: expect.stringContaining('unknown-transaction') },
        { action: 'replay', outcome: 'done', transaction: 1_777_777_777 },
      ],
    });
    expect(await replay('appears')).toMatchObject({ resolution: 'replayed', transaction: 1_777_777_777 });
  });
});

describe('readings of a transaction that was not known', () => {
  test('move into the one that they are merged into, and are stored once', async () => {
    const number = await start('odd-meter');
    await measure('odd-meter', unknown);
    expect(await merge('odd-meter', number)).toMatchObject({ resolution: 'merged' });
    expect((await service.samples('odd-meter')).map(({ transaction, registerWh }) => [transaction, registerWh])).toEqual([[number, 1_000], [number, 2_500]]);
  });

  test('stay where they are if the transaction is of another EVSE', async () => {
    const number = await start('odd-evse');
    await measure('odd-evse', unknown, 10, 2);
    expect(await code(merge('odd-evse', number))).toBe('conflict');
    expect((await service.samples('odd-evse')).map(({ transaction }) => transaction)).toEqual([number, 0]);
  });

  test('move when they are replayed after the transaction has appeared', async () => {
    await measure('late-meter', 1_666_666_666);
    expect(await code(replay('late-meter'))).toBe('conflict');
    const data = { number: 1_666_666_666, tenant: 'acme', station: 'late-meter', key: 'imported', wireId: '1666666666', protocol: 'v16', evse: 1, connector: 1 };
    await service.database.prisma.transaction.create({ data });
    expect(await replay('late-meter')).toMatchObject({ resolution: 'replayed', transaction: 1_666_666_666 });
    expect(await service.samples('late-meter')).toMatchObject([{ transaction: 1_666_666_666, registerWh: 2_500 }]);
  });
});

test('a start that no column can hold is neither merged nor replayed, and says why', async () => {
  const number = await start('normal');
  await start('huge', { connectorId: 4_000_000_000 });
  expect(await code(merge('huge', number))).toBe('conflict');
  await expect(replay('huge')).rejects.toMatchObject({ code: 'conflict', message: expect.stringContaining('does not fit its column') });
  expect(await kept('huge')).toMatchObject({ resolvedAt: null, audit: [{ action: 'merge', outcome: 'refused' }, { action: 'replay', outcome: 'refused' }] });
});
