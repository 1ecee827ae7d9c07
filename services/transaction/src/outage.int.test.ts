import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { deleteToken, putToken } from '@ohmnibus/contracts';
import { eventually } from '@ohmnibus/testkit';
import { TransactionFixture } from './transaction-fixture.js';

let service: TransactionFixture;

beforeAll(async () => {
  service = await TransactionFixture.open({ ownPostgres: true });
});
afterAll(() => service.close());

const timestamp = new Date().toISOString();
const calls: readonly [action: string, payload: object][] = [
  ['StartTransaction', { connectorId: 1, idTag: 'TAG', meterStart: 0, timestamp }],
  ['StopTransaction', { transactionId: 1, meterStop: 1, timestamp }],
  ['MeterValues', { connectorId: 1, meterValue: [{ timestamp, sampledValue: [{ value: '1' }] }] }],
  ['Authorize', { idTag: 'TAG' }],
];

describe('the transaction service', () => {
  test('keeps tokens: made, changed and deleted', async () => {
    const [bus] = service.buses;
    const token = { tenant: 'acme', token: 'Kept', status: 'Accepted' as const, expiresAt: null, group: null };
    const verdict = async () => (await service.call('CP-1', 'Authorize', { idTag: 'KEPT' })).idTagInfo;
    expect(await verdict()).toEqual({ status: 'Invalid' });
    expect(await bus.ask(putToken, {}, token)).toEqual({ created: true });
    expect(await verdict()).toEqual({ status: 'Accepted' });
    expect(await bus.ask(putToken, {}, { ...token, token: 'kept', status: 'Blocked' })).toEqual({ created: false });
    expect(await verdict()).toEqual({ status: 'Blocked' });
    expect(await bus.ask(deleteToken, {}, { tenant: 'acme', token: 'KEPT' })).toEqual({ deleted: true });
    expect(await bus.ask(deleteToken, {}, { tenant: 'acme', token: 'KEPT' })).toEqual({ deleted: false });
    expect(await verdict()).toEqual({ status: 'Invalid' });
  });

  test('answers with an error that passes while Postgres is away, stores nothing, and works again when it is back', async () => {
    await service.call('CP-0', 'Authorize', { idTag: 'TAG' });
    await service.kit.postgres!.crash();
    for (const [action, payload] of calls) {
      const answer = await service.ask(service.origin('CP-1'), action, payload);
      expect([action, answer]).toEqual([action, expect.objectContaining({ kind: 'error', code: 'InternalError' })]);
    }
    await expect((async () => service.service.checks.postgres!())()).rejects.toMatchObject({ code: 'unavailable' });
    await service.kit.postgres!.start();
    const started = await eventually('a start is taken again', () => service.call('CP-1', 'StartTransaction', calls[0]![1]));
    expect(started.transactionId).toBeGreaterThan(0);
    expect(await service.transactions('CP-1')).toHaveLength(1);
    expect((await service.samples('CP-1')).map(({ transaction }) => transaction)).toEqual([started.transactionId]);
    expect((await service.events('CP-1')).map(({ type }) => type)).toEqual(['transaction.started']);
    expect(await service.quarantined('CP-1')).toEqual([]);
  });

  test('answers what is in work before it has stopped', async () => {
    const asked = Promise.all(Array.from({ length: 30 }, (_, n) => service.call(`leaving-${n}`, 'StartTransaction', calls[0]![1])));
    await new Promise(setImmediate); // They leave at the end of the turn.
    await service.buses[0].connection.flush();
    await service.stop();
    expect((await asked).filter(({ transactionId }) => !transactionId)).toEqual([]);
  });
});
