import { describe, expect, test } from '@jest/globals';
import { api, listed, pages, strangersKey, useApi } from '../api-fixture.js';

useApi(['transaction']);

const asStranger = { authorization: `Bearer ${strangersKey}` };

test('a token is made, read in any case, changed and deleted', async () => {
  const plain = { status: 'Accepted', expiresAt: null, group: null, scope: null, maxTransactions: 1, note: null };
  expect(await api('PUT', '/tokens/AbC')).toMatchObject({ status: 201, body: { token: 'AbC', ...plain } });
  const changed = {
    status: 'Blocked',
    expiresAt: '2001-02-03T04:05:06.000Z',
    group: 'family',
    scope: { stations: ['CS-1'], prefixes: ['DEPOT-'] },
    maxTransactions: 3,
    note: 'Ada\'s card',
  };
  expect(await api('PUT', '/tokens/AbC', { ...changed, expiresAt: '2001-02-03T05:05:06+01:00' })).toMatchObject({ status: 200, body: changed });
  expect(await api('GET', '/tokens/aBc')).toMatchObject({ status: 200, body: changed });
  expect(await api('PUT', '/tokens/AbC', { maxTransactions: null, scope: { prefixes: ['X'] } })).toMatchObject({ status: 200, body: { ...plain, maxTransactions: null, scope: { stations: [], prefixes: ['X'] } } });
  expect(await api('PUT', '/tokens/AbC', {})).toMatchObject({ status: 200, body: plain });
  expect((await api('GET', '/tokens/abc', undefined, asStranger)).status).toBe(404);
  expect((await api('DELETE', '/tokens/abc')).status).toBe(204);
  expect((await api('DELETE', '/tokens/abc')).status).toBe(404);
  expect((await api('GET', '/tokens/abc')).status).toBe(404);
});

test.each([
  ['a scope of nothing', { scope: {} }, 'scope'],
  ['a scope with a station that cannot be', { scope: { stations: ['a:b'] } }, 'scope.stations.0'],
  ['a scope of something else', { scope: { sites: ['x'], prefixes: ['P'] } }, 'scope'],
  ['a limit of nothing', { maxTransactions: 0 }, 'maxTransactions'],
  ['a note that is too long', { note: 'x'.repeat(201) }, 'note'],
])('%s is refused', async (_name, body, path) => {
  expect(await api('PUT', '/tokens/BAD', body)).toMatchObject({ status: 400, body: { problems: [{ path }] } });
});

test('tokens are listed page by page, and by group and status', async () => {
  const bodies = { t3: { group: 'Fleet' }, T1: { group: 'fleet', status: 'Blocked' }, 't/2': { group: 'other' } };
  for (const [token, body] of Object.entries(bodies)) expect((await api('PUT', `/tokens/${encodeURIComponent(token)}`, body)).status).toBe(201);
  expect((await listed('/tokens', 'token')).toSorted()).toEqual(['T1', 't/2', 't3']);
  expect((await pages('/tokens', 2)).map((page) => page.length)).toEqual([2, 1]);
  expect(new Set((await pages('/tokens', 1)).flat().map(({ token }) => token)).size).toBe(3);
  expect(await listed('/tokens?group=FLEET', 'token')).toEqual(['T1', 't3']);
  expect((await pages('/tokens?group=fleet', 1)).flat().map(({ token }) => token)).toEqual(['T1', 't3']);
  expect(await listed('/tokens?status=Blocked', 'token')).toEqual(['T1']);
  expect(await listed('/tokens?group=fleet&status=Accepted', 'token')).toEqual(['t3']);
  expect(await listed('/tokens?group=nobody', 'token')).toEqual([]);
});

describe('an import', () => {
  const rows = [
    { token: 'GOOD-1' },
    { token: 'x'.repeat(37) },
    { token: 'GOOD-2', group: 'import', scope: { prefixes: ['P-'] }, maxTransactions: null, status: 'Blocked', expiresAt: '2030-01-01T00:00:00Z', note: 'n' },
    'no object',
    { token: 'good-1', status: 'Blocked' },
    { token: 'BAD', status: 'Lost', colour: 'red' },
    { status: 'Accepted' },
  ];
  const errors = [
    { row: 2, token: 'x'.repeat(37), problems: [{ path: 'token', message: 'a token has at most 36 characters' }] },
    { row: 4, token: null },
    { row: 5, token: 'good-1', problems: [{ path: 'token', message: 'it is in row 1 already' }] },
    { row: 6, token: 'BAD', problems: expect.arrayContaining([expect.objectContaining({ path: 'status' })]) },
    { row: 7, token: null, problems: [expect.objectContaining({ path: 'token' })] },
  ];

  test('that is only tried says what is wrong and stores nothing', async () => {
    expect(await api('POST', '/tokens/import', { tokens: rows, dryRun: true })).toMatchObject({ status: 200, body: { created: 0, updated: 0, refused: 5, errors } });
    expect((await api('GET', '/tokens/GOOD-1')).status).toBe(404);
  });

  test('stores the rows that are right and says what is wrong with the others', async () => {
    expect(await api('POST', '/tokens/import', { tokens: rows })).toMatchObject({ status: 200, body: { created: 2, updated: 0, refused: 5, errors } });
    expect(await api('GET', '/tokens/GOOD-1')).toMatchObject({ body: { status: 'Accepted', maxTransactions: 1 } });
    const { token, ...said } = rows[2] as { token: string };
    expect(await api('GET', `/tokens/${token}`)).toMatchObject({ body: { ...said, expiresAt: '2030-01-01T00:00:00.000Z', scope: { stations: [], prefixes: ['P-'] } } });
    expect(await api('POST', '/tokens/import', { tokens: [{ token: 'GOOD-1', note: 'again' }] })).toMatchObject({ body: { created: 0, updated: 1, refused: 0, errors: [] } });
  });

  test('of a thousand rows is one request', async () => {
    const tokens = Array.from({ length: 1_000 }, (_, n) => ({ token: `BULK-${n}`, group: 'bulk' }));
    expect(await api('POST', '/tokens/import', { tokens })).toMatchObject({ status: 200, body: { created: 1_000, refused: 0 } });
    expect(await listed('/tokens?group=bulk', 'token')).toHaveLength(1_000);
  });

  test.each([
    ['of nothing', { tokens: [] }],
    ['of something else', { rows: [] }],
  ])('%s is refused', async (_name, body) => {
    expect((await api('POST', '/tokens/import', body)).status).toBe(400);
  });
});

test('what holds for a group is said, read in any case, listed and taken back', async () => {
  expect(await api('PUT', '/token-groups/Fleet%201')).toMatchObject({ status: 201, body: { group: 'Fleet 1', status: 'Accepted', maxTransactions: null, note: null } });
  const changed = { status: 'Blocked', maxTransactions: 4, note: 'late' };
  expect(await api('PUT', '/token-groups/fleet%201', changed)).toMatchObject({ status: 200, body: { group: 'fleet 1', ...changed } });
  expect(await api('GET', '/token-groups/FLEET%201')).toMatchObject({ status: 200, body: changed });
  expect((await api('GET', '/token-groups/FLEET%201', undefined, asStranger)).status).toBe(404);
  await api('PUT', '/token-groups/another');
  expect((await pages('/token-groups', 1)).flat().map(({ group }) => group)).toEqual(['another', 'fleet 1']);
  expect((await api('PUT', '/token-groups/x', { maxTransactions: 0 })).status).toBe(400);
  expect((await api('DELETE', '/token-groups/FLEET%201')).status).toBe(204);
  expect((await api('DELETE', '/token-groups/FLEET%201')).status).toBe(404);
});
