import { expect, test } from '@jest/globals';
import { api, listed, pages, strangersKey, useApi } from '../api-fixture.js';

useApi(['transaction']);

test('a token is made, read in any case, changed and deleted', async () => {
  expect(await api('PUT', '/tokens/AbC')).toMatchObject({ status: 201, body: { token: 'AbC', status: 'Accepted', expiresAt: null, group: null } });
  const changed = { status: 'Blocked', expiresAt: '2001-02-03T04:05:06.000Z', group: 'family' };
  expect(await api('PUT', '/tokens/AbC', { ...changed, expiresAt: '2001-02-03T05:05:06+01:00' })).toMatchObject({ status: 200, body: changed });
  expect(await api('GET', '/tokens/aBc')).toMatchObject({ status: 200, body: changed });
  expect(await api('PUT', '/tokens/AbC', {})).toMatchObject({ status: 200, body: { status: 'Accepted', expiresAt: null, group: null } });
  expect((await api('GET', '/tokens/AbC', undefined, { authorization: `Bearer ${strangersKey}` })).status).toBe(404);
  expect((await api('DELETE', '/tokens/abc')).status).toBe(204);
  expect((await api('DELETE', '/tokens/abc')).status).toBe(404);
  expect((await api('GET', '/tokens/abc')).status).toBe(404);
});

test('tokens are listed page by page', async () => {
  for (const token of ['t3', 'T1', 't/2']) expect((await api('PUT', `/tokens/${encodeURIComponent(token)}`)).status).toBe(201);
  expect((await listed('/tokens', 'token')).toSorted()).toEqual(['T1', 't/2', 't3']);
  expect((await pages('/tokens', 2)).map((page) => page.length)).toEqual([2, 1]);
  expect(new Set((await pages('/tokens', 1)).flat().map(({ token }) => token)).size).toBe(3);
});
