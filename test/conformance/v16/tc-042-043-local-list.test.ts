import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { operator, system, useSystem } from '../../running.js';
import { ChargePoint } from './charge-point.js';

let point: ChargePoint;
let cases = 0;

useSystem();
beforeAll(async () => {
  for (const token of ['TAG-1', 'TAG-2']) await system.rest('PUT', `/tokens/${token}`, { group: 'FLEET', expiresAt: '2040-01-01T00:00:00Z' });
  await system.rest('PUT', '/tokens/TAG-3', { status: 'Blocked' });
});

/** A station for each case, whose list is empty and which takes two lines at a time. */
beforeEach(async () => {
  await point?.close();
  const id = `TC-LIST-${++cases}`;
  await operator.knows(id);
  point = await ChargePoint.boot(system.ocppUrl('gateway-1'), id);
  point.answers('GetLocalListVersion', { listVersion: 0 });
  point.answers('GetConfiguration', { configurationKey: [{ key: 'SendLocalListMaxLength', readonly: true, value: '2' }], unknownKey: ['LocalAuthListMaxLength', 'LocalAuthListEnabled'] });
  point.answers('SendLocalList', { status: 'Accepted' });
});
afterAll(() => point?.close());

const post = async (path: string, body: object) => (await system.rest('POST', `/stations/${point.id}/${path}`, body)).body;
const sync = (body: object = {}) => post('local-list/sync', body);
const command = (action: string, payload: object) => post('commands', { action, payload });
const list = async () => (await system.rest('GET', `/stations/${point.id}/local-list`)).body;
const accepted = { status: 'Accepted', expiryDate: '2040-01-01T00:00:00.000Z', parentIdTag: 'FLEET' };

describe('the version of a list is asked for', () => {
  test('TC_042_1: of a station that keeps none', async () => {
    point.answers('GetLocalListVersion', { listVersion: -1 });
    expect(await command('GetLocalListVersion', {})).toMatchObject({ result: { type: 'CALLRESULT', payload: { listVersion: -1 } } });
    expect(point.received('GetLocalListVersion')).toEqual([{}]);
    expect(await list()).toMatchObject({ version: -1, entries: null });
  });

  test('TC_042_2: of a station whose list is empty', async () => {
    expect(await command('GetLocalListVersion', {})).toMatchObject({ state: 'accepted', result: { type: 'CALLRESULT', payload: { listVersion: 0 } } });
    expect(await list()).toMatchObject({ version: 0, entries: [] });
  });
});

describe('a list is sent', () => {
  test('TC_043_1: to a station that does not support it', async () => {
    point.answers('SendLocalList', { status: 'NotSupported' });
    expect(await sync({ update: 'full' })).toMatchObject({ state: 'rejected', version: -1, parts: [{ what: 'limits' }, { what: 'full', status: 'NotSupported' }] });
    expect(point.received('SendLocalList')).toHaveLength(1);
    expect(await list()).toMatchObject({ version: -1, lastVerdict: 'not-supported' });
  });

  test('TC_043_3: to a station that fails at it', async () => {
    point.answers('SendLocalList', { status: 'Failed' });
    expect(await sync()).toMatchObject({ state: 'rejected', update: 'full', parts: [{ what: 'version' }, { what: 'limits' }, { what: 'full', status: 'Failed' }] });
    expect(point.received('SendLocalList')).toMatchObject([{ updateType: 'Full' }]);
    expect(await list()).toMatchObject({ entries: null, lastVerdict: 'failed' });
  });

  test('TC_043_4: whole, every line with its verdict, in parts where the station takes no more at once', async () => {
    expect(await sync()).toMatchObject({ state: 'accepted', update: 'full', version: 2, entries: 3 });
    expect(point.received('SendLocalList')).toEqual([
      { updateType: 'Full', listVersion: 1, localAuthorizationList: [{ idTag: 'TAG-1', idTagInfo: accepted }, { idTag: 'TAG-2', idTagInfo: accepted }] },
      { updateType: 'Differential', listVersion: 2, localAuthorizationList: [{ idTag: 'TAG-3', idTagInfo: { status: 'Blocked' } }] },
    ]);
    expect(await list()).toMatchObject({ version: 2, entries: [{ token: 'TAG-1', status: 'Accepted' }, { token: 'TAG-2' }, { token: 'TAG-3', status: 'Blocked' }], lastVerdict: 'accepted' });
  });

  test('TC_043_4 by hand: what was sent is known all the same', async () => {
    const update = { listVersion: 11, updateType: 'Full', localAuthorizationList: [{ idTag: 'BY-HAND', idTagInfo: { status: 'Accepted' } }] };
    expect(await command('SendLocalList', update)).toMatchObject({ state: 'accepted', result: { payload: { status: 'Accepted' } } });
    expect(point.received('SendLocalList')).toEqual([update]);
    expect(await list()).toMatchObject({ version: 11, entries: [{ token: 'BY-HAND', status: 'Accepted' }] });
  });

  test('TC_043_5: as a difference, above the version that the station tells, once it has the rest', async () => {
    await sync();
    point.answers('GetLocalListVersion', { listVersion: 2 });
    await system.rest('PUT', '/tokens/TAG-4', {});
    try {
      expect(await sync()).toMatchObject({ state: 'accepted', update: 'differential', version: 3, entries: 4 });
      expect(point.actions.slice(-2)).toEqual(['GetLocalListVersion', 'SendLocalList']);
      expect(point.received('SendLocalList').at(-1)).toEqual({ updateType: 'Differential', listVersion: 3, localAuthorizationList: [{ idTag: 'TAG-4', idTagInfo: { status: 'Accepted' } }] });
      expect(await list()).toMatchObject({ version: 3, entries: ['TAG-1', 'TAG-2', 'TAG-3', 'TAG-4'].map((token) => ({ token })) });
    } finally {
      await system.rest('DELETE', '/tokens/TAG-4');
    }
  });

  test('TC_043_5 at odds: a station that has another version than the difference needs gets the whole list', async () => {
    await sync();
    point.answers('GetLocalListVersion', { listVersion: 2 });
    point.answers('SendLocalList', ({ updateType }) => ({ status: updateType === 'Full' ? 'Accepted' : 'VersionMismatch' }));
    await system.rest('DELETE', '/tokens/TAG-3');
    try {
      expect(await sync()).toMatchObject({ state: 'accepted', update: 'full', version: 3, parts: [{ what: 'version' }, { status: 'VersionMismatch' }, { what: 'version' }, { status: 'Accepted' }] });
      expect(point.received('SendLocalList').slice(-2)).toMatchObject([{ updateType: 'Differential', localAuthorizationList: [{ idTag: 'TAG-3' }] }, { updateType: 'Full', listVersion: 3 }]);
      expect(await list()).toMatchObject({ version: 3, entries: [{ token: 'TAG-1' }, { token: 'TAG-2' }], lastVerdict: 'accepted' });
    } finally {
      await system.rest('PUT', '/tokens/TAG-3', { status: 'Blocked' });
    }
  });
});

test('and nothing went wrong on the way', () => {
  expect(system.defects()).toEqual([]);
});
