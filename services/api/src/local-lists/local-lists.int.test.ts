import { beforeAll, expect, test } from '@jest/globals';
import { gatewayCall } from '@ohmnibus/contracts';
import { api, bus, database, presence, strangersKey, tenant, useApi } from '../api-fixture.js';

useApi(['command']);

const replies: Record<string, object> = {
  GetLocalListVersion: { listVersion: 0 },
  GetConfiguration: { configurationKey: [{ key: 'SendLocalListMaxLength', value: '20', readonly: true }], unknownKey: ['LocalAuthListMaxLength', 'LocalAuthListEnabled'] },
  SendLocalList: { status: 'Accepted' },
};

beforeAll(async () => {
  await database.prisma.station.createMany({ data: [{ tenant, id: 'CS' }, { tenant, id: 'NEW' }, { tenant: 'stranger', id: 'THEIRS' }] });
  await database.prisma.token.create({ data: { tenant, key: 't', value: 'T', status: 'Accepted', expiresAt: new Date('2030-01-01T00:00:00Z'), group: 'G', groupKey: 'g' } });
  bus.serve(gatewayCall, { pod: 'pod' }, ({ action }) => ({ kind: 'result' as const, payload: JSON.stringify(replies[action]) }));
  await bus.connection.flush();
  const socket = { tenant, station: 'CS', pod: 'pod', connection: 1, acceptedAt: presence.now() };
  await presence.claim(socket, { protocol: 'v16', remoteAddress: '127.0.0.1', since: Date.now() });
});

test('a list that was brought up to date can be read', async () => {
  const unknown = { version: null, entries: null, lastVerdict: null, readAt: null, updatedAt: null, command: null };
  expect(await api('GET', '/stations/CS/local-list')).toMatchObject({ status: 200, body: unknown });
  const synced = await api('POST', '/stations/CS/local-list/sync', {});
  expect(synced).toMatchObject({ status: 200, body: { state: 'accepted', update: 'full', version: 1, entries: 1, leftOut: { tooLong: 0, beyondCapacity: 0 }, enabled: null } });
  const { parts } = synced.body as { parts: { what: string; command: string }[] };
  expect(parts.map(({ what }) => what)).toEqual(['version', 'limits', 'full']);
  const last = parts.at(-1)!.command;
  expect(await api('GET', '/stations/CS/local-list')).toMatchObject({
    status: 200,
    body: {
      version: 1,
      entries: [{ token: 'T', status: 'Accepted', expiresAt: '2030-01-01T00:00:00.000Z', group: 'G' }],
      lastVerdict: 'accepted',
      readAt: expect.any(String),
      updatedAt: expect.any(String),
      command: last,
    },
  });
  expect(await api('GET', `/commands/${last}`)).toMatchObject({ body: { action: 'SendLocalList', state: 'accepted', requestedBy: 'bootstrap' } });
});

test('a list that is being brought up to date already is a conflict', async () => {
  await database.prisma.localList.create({ data: { tenant, station: 'NEW', syncUntil: new Date(Date.now() + 60_000) } });
  expect(await api('POST', '/stations/NEW/local-list/sync')).toMatchObject({ status: 409, body: { code: 'conflict' } });
});

test.each([
  ['GET', '/stations/NOBODY/local-list'],
  ['POST', '/stations/NOBODY/local-list/sync'],
  ['GET', '/stations/THEIRS/local-list'],
  ['POST', '/stations/THEIRS/local-list/sync'],
])('%s %s finds no such station', async (method, path) => {
  expect((await api(method, path)).status).toBe(404);
});

test.each([
  ['an idempotency key, which it has no need of', { idempotencyKey: 'k' }, ''],
  ['no lines at a time', { perMessage: 0 }, 'perMessage'],
  ['an update of no kind', { update: 'some' }, 'update'],
])('%s is refused', async (_name, body, path) => {
  expect(await api('POST', '/stations/CS/local-list/sync', body)).toMatchObject({ status: 400, body: { problems: [{ path }] } });
  expect((await api('GET', '/stations/CS/local-list', undefined, { authorization: `Bearer ${strangersKey}` })).status).toBe(404);
});
