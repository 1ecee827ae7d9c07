import { expect, test } from '@jest/globals';
import { api, database, listed, pages, strangersKey, tenant, useApi } from '../api-fixture.js';

useApi(['session']);

test('newcomers are listed, approved and refused', async () => {
  await database.prisma.station.createMany({
    data: ['N1', 'N2', 'N3', 'OLD'].map((id, n) => ({ tenant, id, approval: id === 'OLD' ? 'approved' : 'waiting', registration: 'Pending', vendor: 'Volt', createdAt: new Date(1000 * n) })),
  });
  expect(await listed('/newcomers')).toEqual(['N1', 'N2', 'N3']);
  expect((await pages('/newcomers', 2)).map((page) => page.length)).toEqual([2, 1]);
  expect(await api('POST', '/stations/N1/approve', {})).toMatchObject({ status: 200, body: { id: 'N1', hasPassword: false } });
  expect(await api('POST', '/stations/N2/approve', { password: 'a long password' })).toMatchObject({ status: 200, body: { hasPassword: true } });
  expect(await api('POST', '/stations/N3/refuse', {})).toMatchObject({ status: 200, body: { registration: 'Rejected' } });
  expect([await listed('/newcomers'), await listed('/newcomers?approval=refused')]).toEqual([[], ['N3']]);
  expect((await api('GET', '/newcomers?approval=refused', undefined, { authorization: `Bearer ${strangersKey}` })).body).toMatchObject({ items: [] });
  expect((await api('POST', '/stations/nobody/approve', {})).status).toBe(404);
  expect((await api('POST', '/stations/nobody/refuse', {})).status).toBe(404);
});

test('a tenant’s settings are what it said, and null where it said nothing', async () => {
  const nothing = { newcomers: null, bootPolicy: null, onBootConfiguration: null, onBootLocalList: null };
  expect(await api('GET', '/settings')).toMatchObject({ status: 200, body: nothing });
  expect(await api('PUT', '/settings', { newcomers: 'queue', onBootLocalList: true })).toMatchObject({ status: 200, body: { ...nothing, newcomers: 'queue', onBootLocalList: true } });
  expect(await api('PUT', '/settings', { bootPolicy: 'pending' })).toMatchObject({ body: { ...nothing, bootPolicy: 'pending' } });
  expect((await api('PUT', '/settings', { newcomers: 'whoever' })).status).toBe(400);
});

test('a station’s settings change as far as they are named', async () => {
  await database.prisma.station.create({ data: { tenant, id: 'S', vendor: 'Volt' } });
  const none = { bootPolicy: null, releasedAt: null, assumedProtocol: null, onBootConfiguration: null, onBootLocalList: null, template: null, quirkProfile: null };
  expect(await api('GET', '/stations/S/settings')).toMatchObject({ status: 200, body: none });
  expect(await api('PUT', '/stations/S/settings', { bootPolicy: 'reject', assumedProtocol: 'v16' })).toMatchObject({ body: { ...none, bootPolicy: 'reject', assumedProtocol: 'v16' } });
  expect(await api('PUT', '/stations/S/settings', { bootPolicy: null, onBootConfiguration: false })).toMatchObject({ body: { ...none, assumedProtocol: 'v16', onBootConfiguration: false } });
  for (const body of [{ bootPolicy: 'maybe' }, { assumedProtocol: 'v99' }, { colour: 'red' }]) expect((await api('PUT', '/stations/S/settings', body)).status).toBe(400);
  expect((await api('PUT', '/stations/nobody/settings', {})).status).toBe(404);
});

test('quirk profiles are made, read, changed and deleted, and shown where they fit', async () => {
  const profile = { vendor: 'V*', quirks: { accepts: ['nulls'], energyFactors: { Wh: 1000 }, pacingMs: 100 } };
  expect(await api('PUT', '/quirk-profiles/volts', profile)).toMatchObject({ status: 201, body: { name: 'volts', ...profile, model: null, priority: 0, builtIn: false } });
  expect(await api('GET', '/stations/S/settings')).toMatchObject({ body: { quirkProfile: 'volts' } });
  expect(await api('PUT', '/quirk-profiles/volts', { vendor: 'Other', quirks: {} })).toMatchObject({ status: 200, body: { quirks: {} } });
  expect(await api('GET', '/stations/S/settings')).toMatchObject({ body: { quirkProfile: null } });
  expect((await listed('/quirk-profiles', 'name'))[0]).toBe('volts');
  for (const quirks of [undefined, { accepts: ['anything'] }, { pacingMs: -1 }, { energyFactors: { Wh: 0 } }, { speed: 1 }]) {
    expect((await api('PUT', '/quirk-profiles/bad', { quirks })).status).toBe(400);
  }
  expect((await api('DELETE', '/quirk-profiles/volts')).status).toBe(204);
  expect((await api('DELETE', '/quirk-profiles/volts')).status).toBe(404);
  expect((await api('GET', '/quirk-profiles/volts')).status).toBe(404);
});
