import { describe, expect, test } from '@jest/globals';
import { startCommand, stopCommand } from '@ohmnibus/contracts';
import { accepting, bus, connect, database, pod, rejection, stored, tenant, useCommandService } from './command-fixture.js';

useCommandService();

describe('start and stop', () => {
  test('become the messages of the version that the station speaks', async () => {
    const gateway = await pod(accepting);
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
    const gateway = await pod(accepting);
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
    const gateway = await pod(accepting);
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

  test('a transaction of which only we say that it has ended can be stopped', async () => {
    const gateway = await pod(accepting);
    const { station } = await connect(gateway.name, 'v16');
    for (const endKind of ['inferred', 'closed']) {
      const { number } = await database.prisma.transaction.create({ data: { tenant, station, protocol: 'v16', wireId: 'w', key: endKind, endedAt: new Date(), endKind } });
      expect(await bus.ask(stopCommand, {}, { tenant, station, transaction: String(number), timeoutSeconds: 5 })).toMatchObject({ state: 'accepted' });
    }
    expect(gateway.calls).toHaveLength(2);
  });

  test('a stop that is repeated after its transaction has ended gets the first answer', async () => {
    const gateway = await pod(accepting);
    const { station } = await connect(gateway.name, 'v16');
    const { number } = await database.prisma.transaction.create({ data: { tenant, station, protocol: 'v16', wireId: 'w', key: 'k' } });
    const stop = () => bus.ask(stopCommand, {}, { tenant, station, transaction: String(number), timeoutSeconds: 5, idempotencyKey: `stop ${number}` });
    const first = await stop();
    await database.prisma.transaction.update({ where: { number }, data: { endedAt: new Date() } });
    expect(await stop()).toEqual(first);
    expect(gateway.calls).toHaveLength(1);
  });
});
