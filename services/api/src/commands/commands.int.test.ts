import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { gatewayCall, type GatewayCall, type GatewayCallOutcome } from '@ohmnibus/contracts';
import { api, bus, database, pages, presence, strangersKey, tenant, useApi } from '../api-fixture.js';

useApi(['command']);

let answer: GatewayCallOutcome;
let calls: GatewayCall[] = [];

beforeAll(async () => {
  await database.prisma.station.createMany({ data: ['CS', 'CS-offline'].map((id) => ({ tenant, id })) });
  bus.serve(gatewayCall, { pod: 'pod' }, (call) => {
    calls.push(call);
    return answer;
  });
  await bus.connection.flush();
  const socket = { tenant, station: 'CS', pod: 'pod', connection: 1, acceptedAt: presence.now() };
  await presence.claim(socket, { protocol: 'v16', remoteAddress: '127.0.0.1', since: Date.now() });
});

beforeEach(() => {
  calls = [];
  answer = { kind: 'result', payload: '{"status":"Accepted"}' };
});

describe('a command', () => {
  const reset = { action: 'Reset', payload: { type: 'Hard' }, timeoutSeconds: 5 };

  test('is answered with what the station said, and can be read again', async () => {
    const sent = await api('POST', '/stations/CS/commands', reset);
    expect(sent).toMatchObject({ status: 200, body: { state: 'accepted', result: { type: 'CALLRESULT', payload: { status: 'Accepted' } } } });
    expect(calls).toMatchObject([{ tenant, station: 'CS', action: 'Reset', payload: '{"type":"Hard"}' }]);
    const { id } = sent.body as { id: string };
    const read = await api('GET', `/commands/${id}`);
    expect(read).toMatchObject({ status: 200, body: { id, station: 'CS', action: 'Reset', payload: { type: 'Hard' }, state: 'accepted', result: { type: 'CALLRESULT' }, requestedBy: 'bootstrap' } });
    expect((await api('GET', `/commands/${id}`, undefined, { authorization: `Bearer ${strangersKey}` })).status).toBe(404);
  });

  test('that the station answers with an error or that cannot reach it says so', async () => {
    answer = { kind: 'error', code: 'NotSupported', description: 'no', details: {} };
    expect(await api('POST', '/stations/CS/commands', reset)).toMatchObject({ status: 200, body: { state: 'failed', result: { type: 'CALLERROR', code: 'NotSupported', description: 'no', details: {} } } });
    expect(await api('POST', '/stations/CS-offline/commands', reset)).toMatchObject({ status: 200, body: { state: 'failed', result: { type: 'none', reason: 'offline' } } });
  });

  test('of one idempotency key, in the header or in the body, is sent once', async () => {
    const first = await api('POST', '/stations/CS/commands', reset, { 'idempotency-key': 'one' });
    expect((await api('POST', '/stations/CS/commands', { ...reset, idempotencyKey: 'one' })).body).toEqual(first.body);
    expect(calls).toHaveLength(1);
    expect(await api('POST', '/stations/CS/commands', { ...reset, payload: {} }, { 'idempotency-key': 'one' })).toMatchObject({ status: 409, body: { code: 'conflict' } });
    expect((await api('POST', '/stations/CS/commands', { ...reset, idempotencyKey: 'two' }, { 'idempotency-key': 'one' })).status).toBe(400);
    expect(calls).toHaveLength(1);
  });

  test('to a station that does not exist is not found', async () => {
    for (const [path, body] of [
      ['commands', reset],
      ['start', { token: 'T' }],
      ['stop', { transaction: '1' }],
    ] as const) {
      expect((await api('POST', `/stations/nobody/${path}`, body)).status).toBe(404);
    }
    expect(calls).toHaveLength(0);
  });
});

test('start and stop become what the station understands', async () => {
  expect(await api('POST', '/stations/CS/start', { token: 'T', evse: 1 })).toMatchObject({ status: 200, body: { state: 'accepted' } });
  const { number } = await database.prisma.transaction.create({ data: { tenant, station: 'CS', key: 'k', wireId: 'w', protocol: 'v16' } });
  answer = { kind: 'result', payload: '{"status":"Rejected"}' };
  expect(await api('POST', '/stations/CS/stop', { transaction: String(number) })).toMatchObject({ status: 200, body: { state: 'rejected' } });
  expect(calls.map(({ action, payload }) => [action, JSON.parse(payload)])).toEqual([
    ['RemoteStartTransaction', { idTag: 'T', connectorId: 1 }],
    ['RemoteStopTransaction', { transactionId: number }],
  ]);
  await database.prisma.transaction.update({ where: { number }, data: { endedAt: new Date() } });
  expect((await api('POST', '/stations/CS/stop', { transaction: String(number) })).status).toBe(409);
  expect((await api('POST', '/stations/CS/stop', { transaction: 'unknown' })).status).toBe(404);
  expect((await api('POST', '/stations/CS/start', { token: 'x'.repeat(30) })).status).toBe(400);
});

test('commands of a station are listed, the newest first', async () => {
  await database.prisma.station.create({ data: { tenant, id: 'CS-busy' } });
  for (let i = 0; i < 5; i++) await api('POST', '/stations/CS-busy/commands', { action: `A${i}`, payload: {} });
  const found = await pages('/stations/CS-busy/commands', 2);
  expect(found.map((page) => page.length)).toEqual([2, 2, 1]);
  expect(found.flat().map(({ action }) => action)).toEqual(['A4', 'A3', 'A2', 'A1', 'A0']);
});
