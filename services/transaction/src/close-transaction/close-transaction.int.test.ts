import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { closeTransaction } from '@ohmnibus/contracts';
import { TransactionFixture } from '../transaction-fixture.js';

let service: TransactionFixture;

beforeAll(async () => {
  service = await TransactionFixture.open();
});
afterAll(() => service.close());

const minute = (n: number) => new Date(Date.UTC(2026, 9, 1, 10, n)).toISOString();
const start = async (station: string) => Number((await service.call(station, 'StartTransaction', { connectorId: 1, idTag: 'T', meterStart: 100, timestamp: minute(0) }))['transactionId']);
const close = (transaction: number, more: { reason?: string; requestedBy?: string; tenant?: string } = {}) =>
  service.buses[0].ask(closeTransaction, {}, { tenant: 'acme', requestedBy: 'op', reason: 'the charger was taken away', transaction, ...more });

test('an operator ends a transaction on the last that is known of it, once', async () => {
  const number = await start('gone');
  await service.call('gone', 'MeterValues', { connectorId: 1, transactionId: number, meterValue: [{ timestamp: minute(5), sampledValue: [{ value: '400' }] }, { timestamp: minute(6), sampledValue: [{ value: '450' }] }] });
  expect(await close(number)).toEqual({ transaction: number });
  expect(await close(number)).toEqual({ transaction: number });
  expect(await service.transaction('gone')).toMatchObject({
    endKind: 'closed',
    endCause: 'operator',
    endNote: 'the charger was taken away',
    endBy: 'op',
    endedAt: new Date(minute(6)),
    endWh: 450,
  });
  const events = await service.events('gone');
  expect(events.map(({ type }) => type)).toEqual(['transaction.started', 'transaction.ended']);
  expect(events[1]!.body).toMatchObject({ endKind: 'closed', note: 'the charger was taken away', by: 'op', energyWh: 350 });
  expect(events[1]!.body).not.toHaveProperty('inferred');
  await expect(close(number, { reason: 'another' })).rejects.toMatchObject({ code: 'conflict' });
});

test('the station’s own end corrects it, and can then not be closed again', async () => {
  const number = await start('back');
  await close(number);
  await service.call('back', 'StopTransaction', { transactionId: number, meterStop: 900, timestamp: minute(30) });
  expect(await service.transaction('back')).toMatchObject({ endKind: 'reported', endWh: 900, endedAt: new Date(minute(30)), endBy: 'op' });
  expect((await service.events('back')).at(-1)).toMatchObject({ type: 'transaction.corrected' });
  await expect(close(number)).rejects.toMatchObject({ code: 'conflict' });
});

test('what is not there cannot be closed, nor what is another tenant’s', async () => {
  const number = await start('theirs');
  await expect(close(1_999_999_999)).rejects.toMatchObject({ code: 'not-found' });
  await expect(close(number, { tenant: 'stranger' })).rejects.toMatchObject({ code: 'not-found' });
  await expect(close(number, { reason: ' ' })).rejects.toMatchObject({ code: 'bad-value' });
  expect(await service.transaction('theirs')).toMatchObject({ endedAt: null });
});
