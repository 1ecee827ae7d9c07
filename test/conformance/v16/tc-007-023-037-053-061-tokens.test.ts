import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { belatedTables } from '../../operator.js';
import { operator, system, useSystem } from '../../running.js';
import { ChargePoint } from './charge-point.js';

let point: ChargePoint;
const id = 'TC-TOKENS';

afterAll(async () => {
  await point?.close();
});
useSystem();
beforeAll(async () => {
  await operator.knows(id);
  const tokens = {
    VALID: {},
    EXPIRED: { expiresAt: '2020-01-01T00:00:00Z' },
    BLOCKED: { status: 'Blocked' },
    ELSEWHERE: { scope: { prefixes: ['ANOTHER-'] } },
    'CHILD-1': { group: 'PARENT' },
    'CHILD-2': { group: 'PARENT' },
  };
  for (const [token, body] of Object.entries(tokens)) expect((await system.rest('PUT', `/tokens/${token}`, body)).status).toBe(201);
  point = await ChargePoint.boot(system.ocppUrl('gateway-2'), id);
});

const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
const begin = (idTag: string, more: object = {}) => point.call('StartTransaction', { connectorId: 1, idTag, meterStart: 10, timestamp: new Date().toISOString(), ...more });
const end = (transactionId: unknown, more: object = {}) => point.call('StopTransaction', { transactionId, meterStop: 20, timestamp: new Date().toISOString(), ...more });
const stored = async (number: unknown) => (await operator.rows('SELECT token, "authorization", started_at, ended_at, end_kind, stop_reason, flags FROM transaction WHERE number = $1', number))[0];

test('TC_007: a station begins with a token from its cache, without asking, and is told that it is accepted', async () => {
  await point.status(1, 'Preparing');
  const from = point.actions.length;
  const { transactionId, idTagInfo } = await begin('VALID');
  expect(idTagInfo).toEqual({ status: 'Accepted' });
  expect(transactionId).toBeGreaterThan(0);
  await point.status(1, 'Charging');
  expect(point.actions.slice(from)).toEqual(['StartTransaction', 'StatusNotification']);
  expect(await stored(transactionId)).toMatchObject({ token: 'VALID', authorization: 'Accepted', ended_at: null, flags: [] });
  await end(transactionId);
});

test.each([
  ['TC_023_1', 'UNKNOWN', 'Invalid'],
  ['TC_023_2', 'EXPIRED', 'Expired'],
  ['TC_023_3', 'BLOCKED', 'Blocked'],
  ['TC_023 with a token of another place', 'ELSEWHERE', 'Blocked'],
])('%s: the token %s is refused as %s, and no transaction begins', async (_case, idTag, status) => {
  const kept = () => operator.rowCounts(...belatedTables, 'connector', 'status_report');
  const before = await kept();
  await point.status(1, 'Preparing');
  const { idTagInfo } = await point.call('Authorize', { idTag });
  expect(idTagInfo).toMatchObject({ status });
  await point.status(1, 'Available');
  expect(await kept()).toEqual(before);
});

describe('a station that was offline', () => {
  test('TC_037_1: tells afterwards that a known driver began, and is told that he is accepted', async () => {
    const timestamp = hoursAgo(4);
    const { transactionId, idTagInfo } = await begin('VALID', { timestamp });
    expect(idTagInfo).toEqual({ status: 'Accepted' });
    await point.status(1, 'Charging');
    expect(await stored(transactionId)).toMatchObject({ started_at: new Date(timestamp), authorization: 'Accepted', ended_at: null });
    await end(transactionId);
  });

  test('TC_037_3: is told that a driver is invalid, and ends the transaction, which is kept with its reason', async () => {
    const timestamp = hoursAgo(3);
    const { transactionId, idTagInfo } = await begin('NOBODY', { timestamp });
    expect(idTagInfo).toEqual({ status: 'Invalid' });
    expect(transactionId).toBeGreaterThan(0);
    await point.status(1, 'Charging');
    expect(await end(transactionId, { reason: 'DeAuthorized' })).toEqual({});
    await point.status(1, 'Finishing');
    expect(await stored(transactionId)).toMatchObject({ authorization: 'Invalid', flags: ['token-refused'], end_kind: 'reported', stop_reason: 'DeAuthorized' });
  });
});

test('TC_053: tokens of one parent are told so, whichever of them is presented, that a reserved connector lets the other in', async () => {
  const info = { status: 'Accepted', parentIdTag: 'PARENT' };
  expect((await point.call('Authorize', { idTag: 'CHILD-1' }))['idTagInfo']).toEqual(info);
  expect((await point.call('Authorize', { idTag: 'CHILD-2' }))['idTagInfo']).toEqual(info);
  const { transactionId, idTagInfo } = await begin('CHILD-2', { reservationId: 7 });
  expect(idTagInfo).toEqual(info);
  expect(await operator.rows('SELECT reservation_id FROM transaction WHERE number = $1', transactionId)).toEqual([{ reservation_id: 7 }]);
  // The other one stops it.
  expect(await end(transactionId, { idTag: 'CHILD-1' })).toEqual({ idTagInfo: info });
  expect(await operator.rows('SELECT stop_token FROM transaction WHERE number = $1', transactionId)).toEqual([{ stop_token: 'CHILD-1' }]);
});

test('TC_061: the authorization cache of a station is cleared', async () => {
  point.answers('ClearCache', { status: 'Accepted' });
  const { body } = await system.rest('POST', `/stations/${id}/commands`, { action: 'ClearCache', payload: {} });
  expect(body).toMatchObject({ state: 'accepted', result: { type: 'CALLRESULT', payload: { status: 'Accepted' } } });
  expect(point.received('ClearCache')).toEqual([{}]);
  expect(await operator.rows('SELECT action, state FROM command WHERE id = $1', body['id'])).toEqual([{ action: 'ClearCache', state: 'accepted' }]);
});

test('and nothing went wrong on the way', () => {
  expect(system.defects()).toEqual([]);
});
