import { createHash } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { TransactionFixture } from '../transaction-fixture.js';

let service: TransactionFixture;

beforeAll(async () => {
  service = await TransactionFixture.open();
  await service.token('DRIVER');
  await service.token('STUCK');
});
afterAll(() => service.close());

const now = Date.now();
/** So many minutes after the tests began, in the station's words. */
const minute = (n: number) => new Date(now - 3_600_000 + n * 60_000).toISOString();
const start = (n = 0, more: object = {}) => ({ connectorId: 1, idTag: 'DRIVER', meterStart: 1_000, timestamp: minute(n), ...more });
const stop = (transactionId: unknown, n = 30, more: object = {}) => ({ transactionId, meterStop: 6_000, timestamp: minute(n), ...more });
const meter = (transactionId: unknown, n: number, value: string, more: object = {}) => ({
  connectorId: 1,
  transactionId,
  meterValue: [{ timestamp: minute(n), sampledValue: [{ value }] }],
  ...more,
});
const types = async (station: string) => (await service.events(station)).map(({ type }) => type);

describe('a charge of a 1.6 station', () => {
  test.each([
    ['before-all', '0001-01-01T00:00:00+01:00', '0001-01-01T00:00:00.000Z'],
    ['after-all', '9999-12-31T23:59:59-01:00', '9999-12-31T23:59:59.999Z'],
  ])('of a clock that was never set (%s) has times that can be read again', async (station, timestamp, known) => {
    const { transactionId } = await service.call(station, 'StartTransaction', start(0, { timestamp }));
    await service.call(station, 'MeterValues', { connectorId: 1, transactionId, meterValue: [{ timestamp, sampledValue: [{ value: '2500' }] }] });
    await service.call(station, 'StopTransaction', stop(transactionId, 0, { timestamp }));
    expect(await service.transaction(station)).toMatchObject({ startedAt: new Date(known), endedAt: new Date(known) });
    expect((await service.samples(station)).map(({ at }) => at)).toEqual(expect.arrayContaining([new Date(known)]));
  });

  test('is numbered, measured and ended, with an event for each fact', async () => {
    const { transactionId, idTagInfo } = await service.call('happy', 'StartTransaction', start());
    expect(transactionId).toBeGreaterThan(0);
    expect(idTagInfo).toEqual({ status: 'Accepted' });
    expect(await service.call('happy', 'MeterValues', meter(transactionId, 10, '2500'))).toEqual({});
    expect(await service.call('happy', 'StopTransaction', stop(transactionId, 30, { idTag: 'driver', reason: 'EVDisconnected' }))).toEqual({ idTagInfo: { status: 'Accepted' } });

    expect(await service.transaction('happy')).toMatchObject({
      number: transactionId,
      wireId: String(transactionId),
      protocol: 'v16',
      evse: 1,
      connector: 1,
      token: 'DRIVER',
      tokenKey: 'driver',
      authorization: 'Accepted',
      startedAt: new Date(minute(0)),
      startWh: 1_000,
      endedAt: new Date(minute(30)),
      endKind: 'reported',
      endWh: 6_000,
      stopReason: 'EVDisconnected',
      stopToken: 'driver',
      flags: [],
    });
    expect((await service.samples('happy')).map(({ registerWh, transaction, evse }) => [registerWh, transaction, evse])).toEqual([
      [1_000, transactionId, 1],
      [2_500, transactionId, 1],
      [6_000, transactionId, 1],
    ]);
    const events = await service.events('happy');
    expect(events.map(({ type }) => type)).toEqual(['transaction.started', 'transaction.ended']);
    expect(events[0]?.body).toMatchObject({ transaction: String(transactionId), evse: 1, token: 'DRIVER', registerWh: 1_000 });
    expect(events[1]?.body).toMatchObject({ transaction: String(transactionId), energyWh: 5_000, stopReason: 'EVDisconnected' });
    expect(await service.quarantined('happy')).toEqual([]);
  });

  test('that started is numbered once, however often the station says so', async () => {
    const first = await service.call('again', 'StartTransaction', start());
    const second = await service.call('again', 'StartTransaction', start());
    const third = await service.call('again', 'StartTransaction', start(), { epoch: 2 });
    expect([second.transactionId, third.transactionId]).toEqual([first.transactionId, first.transactionId]);
    expect(await types('again')).toEqual(['transaction.started']);
    expect(await service.samples('again')).toHaveLength(1);
  });

  test('is numbered once when the start comes in through two gateways at the same time', async () => {
    for (let round = 0; round < 10; round++) {
      const station = `twice-${round}`;
      const answers = await Promise.all(([0, 1, 0, 1] as const).map((gateway, epoch) => service.call(station, 'StartTransaction', start(), { epoch }, gateway)));
      expect(new Set(answers.map(({ transactionId }) => transactionId))).toEqual(new Set([(await service.transaction(station)).number]));
      expect(await types(station)).toEqual(['transaction.started']);
    }
  });

  test('of which the station’s clock stands still is another charge after the end of the first, and its repetition is that one', async () => {
    const first = await service.call('stuck', 'StartTransaction', start(0, { idTag: 'STUCK' }), { epoch: 1, frame: 1 });
    await service.call('stuck', 'StopTransaction', stop(first.transactionId, 0), { epoch: 1, frame: 2 });
    const second = await service.call('stuck', 'StartTransaction', start(0, { idTag: 'STUCK' }), { epoch: 1, frame: 3 });
    expect(second.transactionId).not.toBe(first.transactionId);
    const repeated = await service.call('stuck', 'StartTransaction', start(0, { idTag: 'STUCK' }), { epoch: 1, frame: 4 });
    expect(repeated.transactionId).toBe(second.transactionId);
    await service.call('stuck', 'StopTransaction', stop(second.transactionId, 0), { epoch: 2, frame: 1 });
    const third = await service.call('stuck', 'StartTransaction', start(0, { idTag: 'STUCK' }), { epoch: 2, frame: 2 });
    const flags = (await service.transactions('stuck')).map(({ number, flags: own, endKind }) => [number, own, endKind]);
    expect(flags).toEqual([
      [first.transactionId, [], 'reported'],
      [second.transactionId, ['repeated-key'], 'reported'],
      [third.transactionId, ['repeated-key'], null],
    ]);
  });

  test('is repeated, not another, where its start is heard again from before its stop', async () => {
    const first = await service.call('late-twin', 'StartTransaction', start(), { epoch: 1, frame: 5 });
    await service.call('late-twin', 'StopTransaction', stop(first.transactionId), { epoch: 1, frame: 7 });
    const late = await service.call('late-twin', 'StartTransaction', start(), { epoch: 1, frame: 6 });
    expect(late.transactionId).toBe(first.transactionId);
  });

  test('is another where the identification itself ends like a count of charges', async () => {
    const tag = { idTag: 'TAG#1000' };
    const first = await service.call('hash', 'StartTransaction', start(0, tag), { epoch: 1, frame: 1 });
    await service.call('hash', 'StopTransaction', stop(first.transactionId, 0), { epoch: 1, frame: 2 });
    const second = await service.call('hash', 'StartTransaction', start(0, tag), { epoch: 1, frame: 3 });
    expect(second.transactionId).toBeGreaterThan(first.transactionId as number);
    expect(await service.quarantined('hash')).toEqual([]);
  });

  test('ends once: the first stop stands', async () => {
    const { transactionId } = await service.call('stops', 'StartTransaction', start());
    await service.call('stops', 'StopTransaction', stop(transactionId, 30));
    expect(await service.call('stops', 'StopTransaction', stop(transactionId, 40, { meterStop: 9_000, idTag: 'driver' }))).toEqual({ idTagInfo: { status: 'Accepted' } });
    expect(await service.transaction('stops')).toMatchObject({ endedAt: new Date(minute(30)), endWh: 6_000, stopToken: null });
    expect(await types('stops')).toEqual(['transaction.started', 'transaction.ended']);
    expect(await service.quarantined('stops')).toEqual([]);
  });

  test('is not ended by another station, which is answered as if', async () => {
    const { transactionId } = await service.call('mine', 'StartTransaction', start());
    expect(await service.call('other', 'StopTransaction', stop(transactionId))).toEqual({});
    expect(await service.transaction('mine')).toMatchObject({ endedAt: null });
    expect(await service.quarantined('other')).toMatchObject([{ operation: 'recordTransaction', reason: 'unknown-transaction' }]);
  });

  test.each([-1, 0, 2_000_000_000, 4_000_000_000])('that is unknown, named %d, is answered as if, and kept for an operator', async (transactionId) => {
    const station = `unknown ${transactionId}`;
    expect(await service.call(station, 'StopTransaction', stop(transactionId, 30, { idTag: 'DRIVER' }))).toEqual({ idTagInfo: { status: 'Accepted' } });
    expect(await service.quarantined(station)).toMatchObject([{ operation: 'recordTransaction' }]);
    expect(await types(station)).toEqual([]);
  });
});

describe('what is odd about a charge of a 1.6 station', () => {
  test.each([
    ['a stop before the start', 'ended-before-start', start(0), (id: unknown) => stop(id, -10)],
    ['a meter that fell', 'energy-decreased', start(0), (id: unknown) => stop(id, 30, { meterStop: 999 })],
    ['a clock of 1970', 'clock-implausible', start(0, { timestamp: '1970-01-01T00:00:12Z' }), undefined],
    ['a clock of 2036', 'clock-implausible', start(0, { timestamp: '2036-02-07T06:28:16Z' }), undefined],
    ['a time without zone', 'no-time-zone', start(0, { timestamp: minute(0).replace('Z', '') }), undefined],
    ['an unknown driver', 'token-refused', start(0, { idTag: 'STRANGER' }), undefined],
    ['a stop by a clock of 1970', 'clock-implausible', start(0), (id: unknown) => ({ ...stop(id), timestamp: '1970-01-01T00:00:12Z' })],
  ] as const)('is flagged and answered: %s', async (what, flag, started, stopped) => {
    const { transactionId } = await service.call(what, 'StartTransaction', started);
    expect(transactionId).toBeGreaterThan(0);
    if (stopped) expect(await service.call(what, 'StopTransaction', stopped(transactionId))).toEqual({});
    expect((await service.transaction(what)).flags).toContain(flag);
    expect(await service.quarantined(what)).toEqual([]);
  });

  test('is kept for an operator, and answered, where no column can hold it', async () => {
    expect(await service.call('range', 'StartTransaction', start(0, { connectorId: 4_000_000_000, idTag: 'STRANGER' }))).toMatchObject({
      // The station goes on with this number, so it has to be one, and nobody else's.
      transactionId: expect.any(Number),
      idTagInfo: { status: 'Invalid' },
    });
    const odd = (await service.call('range', 'StartTransaction', start(1, { connectorId: 4_000_000_000 }))) as { transactionId: number };
    const good = (await service.call('range-2', 'StartTransaction', start(2))) as { transactionId: number };
    expect(odd.transactionId).toBeGreaterThan(0);
    expect(good.transactionId).not.toBe(odd.transactionId);
    expect(await service.call('range', 'MeterValues', meter(undefined, 1, '5', { connectorId: 4_000_000_000 }))).toEqual({});
    expect((await service.quarantined('range')).map(({ operation }) => operation)).toEqual(['recordTransaction', 'recordTransaction', 'recordSamples']);
    expect(await types('range')).toEqual([]);
  });

  test('does not take others of its commit with it', async () => {
    const digits = BigInt(`0x${createHash('shake256', { outputLength: 4_000 }).update('digits that cannot be compressed').digest('hex')}`).toString();
    const asked = Array.from({ length: 20 }, (_, n) => {
      if (n === 7) return service.call(`batch-${n}`, 'StartTransaction', start(0, { connectorId: 4_000_000_000 }));
      // Too long for an index, which Postgres says in another class of errors.
      if (n === 13) return service.call(`batch-${n}`, 'StartTransaction', start(0, { timestamp: `2026-11-22T10:00:00.${digits}Z` }));
      return service.call(`batch-${n}`, 'StartTransaction', start());
    });
    const answers = await Promise.all(asked);
    expect(answers).toHaveLength(20);
    expect(await service.database.prisma.transaction.count({ where: { station: { startsWith: 'batch-' } } })).toBe(18);
    expect([await service.quarantined('batch-7'), await service.quarantined('batch-13')]).toMatchObject([[{}], [{}]]);
  });
});

describe('a new start on a connector', () => {
  test('ends the charge that was open there, until that one’s own stop arrives and corrects it', async () => {
    const first = await service.call('infer', 'StartTransaction', start(0));
    await service.call('infer', 'MeterValues', meter(first.transactionId, 10, '3000'));
    const second = await service.call('infer', 'StartTransaction', start(20, { meterStart: 3_500 }));
    expect(await service.transactions('infer')).toMatchObject([
      { number: first.transactionId, endKind: 'inferred', endCause: 'newer-start', endedAt: new Date(minute(10)), endWh: 3_000 },
      { number: second.transactionId, endKind: null },
    ]);
    await service.call('infer', 'StopTransaction', stop(first.transactionId, 15, { meterStop: 3_400 }));
    expect(await service.transactions('infer')).toMatchObject([
      { number: first.transactionId, endKind: 'reported', endedAt: new Date(minute(15)), endWh: 3_400 },
      { number: second.transactionId, endKind: null },
    ]);
    const events = await service.events('infer');
    expect(events.map(({ type }) => type)).toEqual(['transaction.started', 'transaction.started', 'transaction.ended', 'transaction.corrected'].toSorted((a, b) => order(events, a) - order(events, b)));
    expect(events.filter(({ type }) => type === 'transaction.ended')).toMatchObject([{ body: { transaction: String(first.transactionId), inferred: true, endKind: 'inferred', cause: 'newer-start' } }]);
    expect(events.at(-1)).toMatchObject({ type: 'transaction.corrected', body: { transaction: String(first.transactionId), energyWh: 2_400 } });
    // The correction is the end: another stop changes nothing.
    await service.call('infer', 'StopTransaction', stop(first.transactionId, 16, { meterStop: 9_999 }));
    expect((await service.transactions('infer'))[0]).toMatchObject({ endWh: 3_400 });
    expect(await service.events('infer')).toHaveLength(4);
  });

  test('leaves charges of other connectors alone', async () => {
    await service.call('two', 'StartTransaction', start(0));
    await service.call('two', 'StartTransaction', start(5, { connectorId: 2, idTag: 'OTHER' }));
    expect((await service.transactions('two')).map(({ endKind }) => endKind)).toEqual([null, null]);
  });

  test('that is older than the charge there, and late, does not end it', async () => {
    const newer = await service.call('older', 'StartTransaction', start(20));
    await service.call('older', 'StartTransaction', start(0, { idTag: 'OTHER' }));
    expect((await service.transactions('older')).find(({ number }) => number === newer.transactionId)).toMatchObject({ endedAt: null });
  });
});

function order(events: readonly { type: string }[], type: string): number {
  return events.findIndex((event) => event.type === type);
}

describe('meter values', () => {
  test('are stored once, however often they are sent', async () => {
    const { transactionId } = await service.call('meters', 'StartTransaction', start());
    for (let n = 0; n < 3; n++) await service.call('meters', 'MeterValues', meter(transactionId, 5, '1500'));
    await Promise.all([service.call('meters', 'MeterValues', meter(transactionId, 6, '1600')), service.call('meters', 'MeterValues', meter(transactionId, 6, '1600'), {}, 1)]);
    expect((await service.samples('meters')).map(({ registerWh }) => registerWh)).toEqual([1_000, 1_500, 1_600]);
  });

  test('of one time and different readings are both stored', async () => {
    const { transactionId } = await service.call('same-time', 'StartTransaction', start());
    await service.call('same-time', 'MeterValues', meter(transactionId, 5, '1500'));
    await service.call('same-time', 'MeterValues', meter(transactionId, 5, '1501'));
    expect((await service.samples('same-time')).map(({ registerWh }) => registerWh).toSorted()).toEqual([1_000, 1_500, 1_501]);
  });

  test.each([-1, 1_999_999_999])('of a transaction that the station does not have, %d, are stored outside transactions and told to an operator', async (transactionId) => {
    const station = `meter of ${transactionId}`;
    expect(await service.call(station, 'MeterValues', meter(transactionId, 5, '1500'))).toEqual({});
    expect(await service.samples(station)).toMatchObject([{ transaction: 0, registerWh: 1_500 }]);
    expect(await service.quarantined(station)).toMatchObject([{ operation: 'recordSamples', reason: 'unknown-transaction' }]);
  });

  test('of another station’s transaction are not part of it', async () => {
    const { transactionId } = await service.call('owner', 'StartTransaction', start());
    await service.call('thief', 'MeterValues', meter(transactionId, 5, '9999'));
    expect(await service.samples('thief')).toMatchObject([{ transaction: 0 }]);
    expect(await service.samples('owner')).toHaveLength(1);
  });

  test('outside transactions are stored, and nobody is told', async () => {
    await service.call('clock', 'MeterValues', meter(undefined, 5, '77', { connectorId: 0 }));
    expect(await service.samples('clock')).toMatchObject([{ transaction: 0, evse: 0, registerWh: 77 }]);
    expect(await service.quarantined('clock')).toEqual([]);
  });

  test('after the stop are stored and change no total', async () => {
    const { transactionId } = await service.call('after', 'StartTransaction', start());
    await service.call('after', 'StopTransaction', stop(transactionId));
    const before = await service.transaction('after');
    await service.call('after', 'MeterValues', meter(transactionId, 40, '8888'));
    expect(await service.transaction('after')).toEqual(before);
    expect((await service.samples('after')).map(({ transaction, registerWh }) => [transaction, registerWh])).toContainEqual([transactionId, 8_888]);
  });

  test('that come with the stop, never sent live, are stored with it, and meterStop is what counts', async () => {
    const { transactionId } = await service.call('data', 'StartTransaction', start());
    const transactionData = [{ timestamp: minute(10), sampledValue: [{ value: '4000' }] }];
    await service.call('data', 'StopTransaction', stop(transactionId, 30, { transactionData }));
    expect(await service.transaction('data')).toMatchObject({ endWh: 6_000, stopReason: 'Local' });
    expect(JSON.parse((await service.samples('data')).at(-1)!.samples)).toHaveLength(2);
  });
});
