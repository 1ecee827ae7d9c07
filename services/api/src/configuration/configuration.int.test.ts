import { beforeAll, describe, expect, test } from '@jest/globals';
import { applyTemplateCommand, configureCommand, readConfigurationCommand } from '@ohmnibus/contracts';
import { api, bus, database, listed, pages, tenant, useApi } from '../api-fixture.js';

useApi(['session']);
const asked: unknown[] = [];
const at = new Date('2026-03-01T10:00:00Z');

const key = (station: string, variable: string, value: string | null, more: object = {}) => ({ tenant, station, key: variable.toLowerCase(), variable, value, readAt: at, source: 'read', ...more });

beforeAll(async () => {
  await database.prisma.station.createMany({
    data: ['A', 'B', 'C', 'D'].map((id) => ({ tenant, id, vendor: id === 'D' ? 'Other' : 'Volt', model: 'One', firmwareVersion: '1.0', bootedAt: at })),
  });
  await database.prisma.configurationKey.createMany({
    data: [
      key('A', 'HeartbeatInterval', '300'),
      key('A', 'MeterValueSampleInterval', '60'),
      key('B', 'HeartbeatInterval', '60', { pendingValue: '300' }),
      key('B', 'Nonsense', null, { known: false }),
      key('C', 'HeartbeatInterval', '10', { readonly: true }),
      { ...key('C', 'Available', 'true'), key: 'connector@1.1/available#target', component: 'Connector@1.1', attribute: 'Target' },
    ],
  });
  await database.prisma.configurationSnapshot.create({ data: { tenant, station: 'A', readAt: at, firmwareVersion: '1.0' } });
  bus.serve(readConfigurationCommand, {}, (order) => {
    asked.push(order);
    return { state: 'accepted' as const, parts: [] };
  });
  bus.serve(configureCommand, {}, ({ keys, ...order }) => {
    asked.push(order);
    return { state: 'accepted' as const, keys: keys.map((one) => ({ key: one.key, state: 'accepted' as const, status: 'Accepted' })) };
  });
  bus.serve(applyTemplateCommand, {}, (order) => {
    asked.push(order);
    return { state: 'accepted' as const, template: 'volts', keys: [] };
  });
  await bus.connection.flush();
});

describe('a station’s configuration', () => {
  test('is what was last heard of it, page by page', async () => {
    const { status, body } = await api('GET', '/stations/A/configuration');
    expect(status).toBe(200);
    expect(body).toEqual({
      readAt: at.toISOString(),
      firmwareVersion: '1.0',
      nextCursor: null,
      items: [
        { key: 'HeartbeatInterval', known: true, value: '300', pendingValue: null, readonly: null, readAt: at.toISOString(), source: 'read' },
        { key: 'MeterValueSampleInterval', known: true, value: '60', pendingValue: null, readonly: null, readAt: at.toISOString(), source: 'read' },
      ],
    });
    expect(await api('GET', '/stations/B/configuration')).toMatchObject({ body: { readAt: null, items: [{ value: '60', pendingValue: '300' }, { key: 'Nonsense', known: false }] } });
    expect(await listed('/stations/C/configuration', 'key')).toEqual(['Connector@1.1/Available#Target', 'HeartbeatInterval']);
    expect((await pages('/stations/C/configuration', 1)).map((page) => page.length)).toEqual([1, 1]);
    expect((await api('GET', '/stations/nobody/configuration')).status).toBe(404);
  });

  test('is read and changed through the command service', async () => {
    expect(await api('POST', '/stations/A/configuration/refresh', {})).toMatchObject({ status: 200, body: { state: 'accepted' } });
    await api('POST', '/stations/A/configuration/refresh', { keys: ['X'], timeoutSeconds: 5 });
    expect(await api('PUT', '/stations/A/configuration/Heart%20beat', { value: '5' })).toMatchObject({ status: 200, body: { keys: [{ key: 'Heart beat', status: 'Accepted' }] } });
    expect(await api('POST', '/stations/A/configuration/apply', {})).toMatchObject({ status: 200, body: { template: 'volts' } });
    expect(asked).toMatchObject([{ station: 'A', requestedBy: 'bootstrap' }, { keys: ['X'], timeoutSeconds: 5 }, { station: 'A' }, { all: false }]);
    for (const [method, path, body] of [['POST', 'refresh', { keys: [] }], ['PUT', 'A', {}], ['PUT', '%00', { value: '1' }], ['PUT', 'A', { value: 5 }], ['POST', 'apply', { all: 'yes' }]] as const) {
      expect([path, (await api(method, `/stations/A/configuration/${path}`, body)).status]).toEqual([path, 400]);
    }
    for (const path of ['refresh', 'apply']) expect((await api('POST', `/stations/nobody/configuration/${path}`, {})).status).toBe(404);
  });
});

describe('templates', () => {
  const keys = [{ key: 'HeartbeatInterval', value: '300' }];

  test('are made, read, changed and deleted', async () => {
    expect((await api('GET', '/stations/A/configuration/drift')).status).toBe(404);
    expect(await api('PUT', '/configuration-templates/volts', { vendor: 'V*', keys })).toMatchObject({ status: 201, body: { name: 'volts', vendor: 'V*', model: null, priority: 0, keys } });
    expect(await api('PUT', '/configuration-templates/volts', { vendor: 'volt', keys })).toMatchObject({ status: 200, body: { vendor: 'volt' } });
    expect(await api('PUT', '/configuration-templates/by%20hand', { keys: [{ key: 'MeterValueSampleInterval', value: '10' }] })).toMatchObject({ status: 201 });
    expect(await listed('/configuration-templates', 'name')).toEqual(['by hand', 'volts']);
    expect((await api('GET', '/configuration-templates/none')).status).toBe(404);
    expect((await api('PUT', '/configuration-templates/bad', { keys: [] })).status).toBe(400);
  });

  test('hold no secrets', async () => {
    expect(await api('PUT', '/configuration-templates/bad', { keys: [{ key: 'AuthorizationKey', value: 'x' }] })).toMatchObject({ status: 400, body: { detail: expect.stringContaining('secret') } });
  });

  test('show how the stations that follow them differ', async () => {
    expect(await api('GET', '/stations/A/configuration/drift')).toMatchObject({ status: 200, body: { station: 'A', template: 'volts', differences: [] } });
    expect(await api('GET', '/stations/B/configuration/drift')).toMatchObject({ body: { differences: [{ key: 'HeartbeatInterval', desired: '300', actual: '60', difference: 'pending' }] } });
    expect(await api('GET', '/stations/C/configuration/drift')).toMatchObject({ body: { differences: [{ actual: '10', difference: 'differs' }] } });
    expect((await api('GET', '/stations/D/configuration/drift')).status).toBe(404);
    expect(await listed('/drifts', 'station')).toEqual(['B', 'C']);
    expect((await pages('/drifts', 1)).map((page) => page.map(({ station }) => station)).flat()).toEqual(['B', 'C']);
  });

  test('are followed by whom they are assigned to, whatever fits', async () => {
    expect(await api('PUT', '/stations/D/settings', { template: 'by hand' })).toMatchObject({ status: 200, body: { template: 'by hand' } });
    expect(await api('GET', '/stations/D/configuration/drift')).toMatchObject({ body: { template: 'by hand', differences: [{ difference: 'not-read', actual: null }] } });
    expect((await api('DELETE', '/configuration-templates/by%20hand')).status).toBe(204);
    expect((await api('DELETE', '/configuration-templates/by%20hand')).status).toBe(404);
    expect((await api('GET', '/stations/D/configuration/drift')).status).toBe(404);
  });
});
