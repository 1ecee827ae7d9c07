import { describe, expect, test } from '@jest/globals';
import { api, apiKey, database, kit, metrics, raw, tenant, url, useApi } from '../api-fixture.js';

useApi([], { ownPostgres: true });

const problem = (status: number, code: string) => ({ status, body: { type: `urn:ohmnibus:problem:${code}`, title: expect.any(String), status, detail: expect.any(String), code } });
const authorization = `Bearer ${apiKey}`;
const text = (body: string, type = 'application/json'): RequestInit => ({ method: 'PUT', body, headers: { authorization, 'content-type': type } });

test('a connection that nobody uses is kept for longer than load balancers keep theirs', async () => {
  const { headers } = await api('GET', '/stations');
  expect(Number(/timeout=(\d+)/.exec(headers.get('keep-alive') ?? '')?.[1])).toBeGreaterThan(60);
});

describe('a request that is not valid', () => {
  test.each<[name: string, method: string, path: string, body: unknown, field: string]>([
    ['a limit of nothing', 'GET', '/stations?limit=0', undefined, 'limit'],
    ['a limit above 500', 'GET', '/stations?limit=501', undefined, 'limit'],
    ['a limit that is no number', 'GET', '/tokens?limit=ten', undefined, 'limit'],
    ['a limit twice', 'GET', '/tokens?limit=1&limit=2', undefined, 'limit'],
    ['a cursor that is none', 'GET', '/stations?cursor=%21', undefined, 'cursor'],
    ['a cursor of another list', 'GET', `/transactions?cursor=${Buffer.from('["CS-1"]').toString('base64url')}`, undefined, 'cursor'],
    ['a cursor beyond all numbers', 'GET', `/transactions?cursor=${Buffer.from('[1e300]').toString('base64url')}`, undefined, 'cursor'],
    ['a filter that is not known', 'GET', '/stations?colour=red', undefined, ''],
    ['a flag that is neither', 'GET', '/stations?online=1', undefined, 'online'],
    ['a filter with NUL', 'GET', '/stations?vendor=%00', undefined, 'vendor'],
    ['a time that is none', 'GET', '/transactions?from=yesterday', undefined, 'from'],
    ['a time after the year 9999', 'GET', '/transactions?to=9999-12-31T23:59:59-01:00', undefined, 'to'],
    ['a time without a zone', 'GET', '/transactions?to=2026-03-01T10:00:00', undefined, 'to'],
    ['a direction that is none', 'GET', '/stations/CS/messages?direction=up', undefined, 'direction'],
    ['a field that is not known', 'PUT', '/stations/CS', { colour: 'red' }, ''],
    ['a password that is too short', 'PUT', '/stations/CS', { password: 'short' }, 'password'],
    ['a password that is a number', 'PUT', '/stations/CS', { password: 12345678 }, 'password'],
    ['a body that is a list', 'PUT', '/stations/CS', [], ''],
    ['a status that is none', 'PUT', '/tokens/T', { status: 'Lost' }, 'status'],
    ['an expiry that is no time', 'PUT', '/tokens/T', { expiresAt: 'tomorrow' }, 'expiresAt'],
    ['a command without a body', 'POST', '/stations/CS/commands', undefined, 'action'],
    ['a command without a payload', 'POST', '/stations/CS/commands', { action: 'Reset' }, 'payload'],
    ['a payload that is a text', 'POST', '/stations/CS/commands', { action: 'Reset', payload: '{}' }, 'payload'],
    ['a timeout below nothing', 'POST', '/stations/CS/commands', { action: 'Reset', payload: {}, timeoutSeconds: -1 }, 'timeoutSeconds'],
    ['a timeout of an hour', 'POST', '/stations/CS/commands', { action: 'Reset', payload: {}, timeoutSeconds: 3600 }, 'timeoutSeconds'],
    ['a tenant of one\'s own choice', 'POST', '/stations/CS/commands', { action: 'Reset', payload: {}, tenant: 'x' }, ''],
    ['a start without a token', 'POST', '/stations/CS/start', { evse: 1 }, 'token'],
    ['an EVSE that is a fraction', 'POST', '/stations/CS/start', { token: 'T', evse: 1.5 }, 'evse'],
    ['a transaction that is a number', 'POST', '/stations/CS/stop', { transaction: 7 }, 'transaction'],
  ])('%s is answered with what is wrong', async (_, method, path, body, field) => {
    const answer = await api(method, path, body);
    expect(answer).toMatchObject(problem(400, 'bad-value'));
    expect(answer.headers.get('content-type')).toMatch(/^application\/problem\+json/);
    expect(answer.body).toMatchObject({ problems: expect.arrayContaining([{ path: field, message: expect.any(String) }]) });
  });

  test('a body that cannot be read, is too large or is not JSON is refused', async () => {
    expect(await raw('/api/v1/stations/CS', text('{"password":'))).toMatchObject(problem(400, 'unreadable'));
    expect(await raw('/api/v1/stations/CS', text('"text"'))).toMatchObject(problem(400, 'unreadable'));
    expect(await raw('/api/v1/stations/CS', text(JSON.stringify({ password: 'x'.repeat(70_000) })))).toMatchObject(problem(413, 'too-large'));
    expect(await raw('/api/v1/stations/CS/commands', { ...text('action=Reset', 'application/x-www-form-urlencoded'), method: 'POST' })).toMatchObject(problem(400, 'bad-value'));
  });

  test('a path that cannot be read or leads nowhere is answered likewise', async () => {
    expect(await api('GET', '/stations/%zz')).toMatchObject(problem(400, 'unreadable'));
    expect(await api('GET', '/stations/a%00b')).toMatchObject(problem(404, 'not-found'));
    expect(await api('GET', '/nowhere')).toMatchObject(problem(404, 'not-found'));
    expect(await raw('/nowhere')).toMatchObject(problem(404, 'not-found'));
    expect(await api('PATCH', '/stations/CS', {})).toMatchObject(problem(404, 'not-found'));
  });
});

describe('an API key', () => {
  test.each<[string, Record<string, string>]>([
    ['none', {}],
    ['another one', { authorization: 'Bearer not-the-key-that-was-given-out' }],
    ['another scheme', { authorization: `Basic ${Buffer.from(`x:${apiKey}`).toString('base64')}` }],
    ['an empty one', { authorization: 'Bearer ' }],
  ])('is asked for: %s does not do', async (_, headers) => {
    const answer = await raw('/api/v1/stations', { headers });
    expect(answer).toMatchObject(problem(401, 'unauthenticated'));
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  test('is stored as its hash alone', async () => {
    const keys = await database.prisma.apiKey.findMany({ where: { tenant } });
    expect(keys).toMatchObject([{ name: 'bootstrap', hash: expect.stringMatching(/^[0-9a-f]{64}$/) }]);
  });

  test('is not needed for the release and the document', async () => {
    expect(await raw('/api/v1/version')).toMatchObject({ status: 200, body: { name: 'ohmnibus', version: expect.any(String) } });
    expect((await raw('/api/openapi.json')).status).toBe(200);
  });
});

test('an answer names the request and not the server', async () => {
  const { headers } = await api('GET', '/stations', undefined, { 'x-request-id': 'mine-1' });
  expect(headers.get('x-request-id')).toBe('mine-1');
  expect(headers.get('x-powered-by')).toBeNull();
  expect((await api('GET', '/stations', undefined, { 'x-request-id': 'no good' })).headers.get('x-request-id')).toMatch(/^[0-9a-f-]{36}$/);
  expect(await metrics.registry.metrics()).toMatch(/ohmnibus_api_request_seconds_count\{[^}]*route="\/api\/v1\/stations"[^}]*status="200"/);
});

test('what cannot be reached is a passing problem', async () => {
  expect(url).toMatch(/^http:/);
  const nobody = await api('PUT', '/stations/CS', {});
  expect(nobody).toMatchObject(problem(503, 'unavailable'));
  expect(nobody.headers.get('retry-after')).toBe('1');
  await kit.postgres!.stop();
  try {
    for (const path of ['/stations', '/stations/CS', '/transactions', '/tokens/T']) expect([path, (await api('GET', path)).body]).toMatchObject([path, problem(503, 'unavailable').body]);
  } finally {
    await kit.postgres!.start();
  }
  expect((await api('GET', '/stations')).status).toBe(200);
});
