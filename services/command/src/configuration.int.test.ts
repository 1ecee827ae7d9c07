import { beforeAll, describe, expect, test } from '@jest/globals';
import { applyTemplateCommand, configureCommand, readConfigurationCommand, sendCommand, type GatewayCall, type GatewayCallOutcome } from '@ohmnibus/contracts';
import { bus, connect, database, fresh, pod, rejection, result, tenant, useCommandService } from './command-fixture.js';

useCommandService();

/** A 1.6 station that keeps its keys; a key that is not there is not known, a locked one cannot be changed. */
async function station(keys: Record<string, string>, { locked = [] as string[], afterRestart = [] as string[] } = {}) {
  const answer = ({ action, payload }: GatewayCall): GatewayCallOutcome => {
    const request = JSON.parse(payload) as { key?: string[] | string; value?: string };
    if (action === 'GetConfiguration') {
      const asked = request.key as string[] | undefined;
      const known = Object.entries(keys).filter(([key]) => !asked || asked.includes(key));
      const unknownKey = asked?.filter((key) => !(key in keys)) ?? [];
      return result({ configurationKey: known.map(([key, value]) => ({ key, value, readonly: locked.includes(key) })), ...(unknownKey.length > 0 && { unknownKey }) });
    }
    const key = request.key as string;
    if (!(key in keys)) return result({ status: 'NotSupported' });
    if (locked.includes(key)) return result({ status: 'Rejected' });
    if (afterRestart.includes(key)) return result({ status: 'RebootRequired' });
    keys[key] = request.value!;
    return result({ status: 'Accepted' });
  };
  const gateway = await pod(answer);
  const { station: id } = await connect(gateway.name);
  await database.prisma.station.create({ data: { tenant, id, vendor: 'Volt', model: 'One', firmwareVersion: '1.0' } });
  return { id, calls: gateway.calls };
}

const stored = async (id: string) => {
  const rows = await database.prisma.configurationKey.findMany({ where: { tenant, station: id }, orderBy: { key: 'asc' } });
  return Object.fromEntries(rows.map(({ variable, known, value, pendingValue, readonly }) => [variable, { known, value, pendingValue, readonly }]));
};
const read = (id: string, keys?: string[]) => bus.ask(readConfigurationCommand, {}, { tenant, station: id, keys, timeoutSeconds: 5 });
const configure = (id: string, values: Record<string, string>) =>
  bus.ask(configureCommand, {}, { tenant, station: id, keys: Object.entries(values).map(([key, value]) => ({ key, value })), timeoutSeconds: 5 });
const raw = (id: string, action: string, payload: Record<string, unknown>) => bus.ask(sendCommand, {}, { tenant, station: id, action, payload, timeoutSeconds: 5 });

describe('reading a configuration', () => {
  test('keeps all that the station has, with the firmware that it had', async () => {
    const { id } = await station({ HeartbeatInterval: '300', NumberOfConnectors: '2' }, { locked: ['NumberOfConnectors'] });
    expect(await read(id)).toMatchObject({ state: 'accepted', parts: [{ state: 'accepted' }] });
    expect(await stored(id)).toEqual({
      HeartbeatInterval: { known: true, value: '300', pendingValue: null, readonly: false },
      NumberOfConnectors: { known: true, value: '2', pendingValue: null, readonly: true },
    });
    expect(await database.prisma.configurationSnapshot.findMany({ where: { station: id } })).toMatchObject([{ firmwareVersion: '1.0' }]);
  });

  test('is learnt from a raw command as well', async () => {
    const { id } = await station({ HeartbeatInterval: '300' });
    await raw(id, 'GetConfiguration', { key: ['HeartbeatInterval', 'Nonsense'] });
    expect(await stored(id)).toMatchObject({ HeartbeatInterval: { value: '300' }, Nonsense: { known: false, value: null } });
    expect(await database.prisma.configurationSnapshot.count({ where: { station: id } })).toBe(0);
  });

  test('asks for no more keys at once than the station takes, which it is asked for first', async () => {
    const { id, calls } = await station({ GetConfigurationMaxKeys: '2', A: '1', B: '2', C: '3', D: '4', E: '5' });
    expect(await read(id, ['A', 'B', 'C', 'D', 'E'])).toMatchObject({ state: 'accepted', parts: [{ keys: ['GetConfigurationMaxKeys'] }, { keys: ['A', 'B'] }, { keys: ['C', 'D'] }, { keys: ['E'] }] });
    await read(id, ['A', 'B', 'C']);
    expect(calls.map(({ payload }) => (JSON.parse(payload) as { key: string[] }).key.length)).toEqual([1, 2, 2, 1, 2, 1]);
    expect(Object.keys(await stored(id))).toHaveLength(6);
  });

  test('is learnt from an answer that breaks its schema as well', async () => {
    const { id } = await station({ Long: 'x'.repeat(600), A: 1 as never });
    expect(await read(id)).toMatchObject({ state: 'accepted' });
    expect(await stored(id)).toMatchObject({ Long: { value: 'x'.repeat(600) }, A: { value: '1' } });
  });

  test('forgets what the station no longer has, once it has told all', async () => {
    const keys: Record<string, string> = { A: '1', B: '2' };
    const { id } = await station(keys);
    await read(id);
    delete keys['B'];
    await read(id, ['A']);
    expect(Object.keys(await stored(id))).toEqual(['A', 'B']);
    await read(id);
    expect(Object.keys(await stored(id))).toEqual(['A']);
  });

  test('never keeps a secret, though the station tells it', async () => {
    const { id } = await station({ AuthorizationKey: 'topsecret-topsecret', HeartbeatInterval: '300' });
    await read(id);
    await configure(id, { AuthorizationKey: 'another-secret-key' });
    expect(await stored(id)).toMatchObject({ AuthorizationKey: { known: true, value: null, pendingValue: null } });
  });

  test('of a station that is not connected is an honest failure', async () => {
    expect(await read(fresh('CS'))).toMatchObject({ state: 'failed', parts: [{ reason: 'offline' }] });
  });
});

describe('changing a configuration', () => {
  test('tells of each key, and keeps what was accepted', async () => {
    const { id } = await station({ A: '1', B: '2', C: '3' }, { locked: ['B'], afterRestart: ['C'] });
    await read(id);
    expect(await configure(id, { A: '10', B: '20', C: '30', D: '40' })).toMatchObject({
      state: 'rejected',
      keys: [
        { key: 'A', state: 'accepted', status: 'Accepted' },
        { key: 'B', state: 'rejected', status: 'Rejected' },
        { key: 'C', state: 'accepted', status: 'RebootRequired' },
        { key: 'D', state: 'rejected', status: 'NotSupported' },
      ],
    });
    expect(await stored(id)).toMatchObject({ A: { value: '10' }, B: { value: '2' }, C: { value: '3', pendingValue: '30' }, D: { known: false } });
  });

  test('a value that waits for a restart waits until it is read, or the station has restarted', async () => {
    const keys = { A: '1', B: '1' };
    const { id } = await station(keys, { afterRestart: ['A', 'B'] });
    await configure(id, { A: '2', B: '2' });
    keys.A = '2';
    await read(id);
    expect(await stored(id)).toMatchObject({ A: { value: '2', pendingValue: null }, B: { value: '1', pendingValue: '2' } });
    await database.prisma.station.updateMany({ where: { id }, data: { bootedAt: new Date(Date.now() + 1000) } });
    await read(id);
    expect(await stored(id)).toMatchObject({ B: { value: '1', pendingValue: null } });
  });

  test('stops at the first key that does not reach the station', async () => {
    expect(await configure(fresh('CS'), { A: '1', B: '2' })).toMatchObject({ state: 'failed', keys: [{ state: 'failed', reason: 'offline' }, { state: 'not-sent' }] });
  });
});

describe('a template', () => {
  const keys = (values: Record<string, string>) => Object.entries(values).map(([variable, value]) => ({ variable, value }));
  const apply = (id: string, more: { template?: string; all?: boolean } = {}) => bus.ask(applyTemplateCommand, {}, { tenant, station: id, all: false, timeoutSeconds: 5, ...more });

  beforeAll(async () => {
    await database.prisma.configurationTemplate.createMany({
      data: [
        { tenant, name: 'volts', vendor: 'VOLT', keys: keys({ A: '0' }) },
        { tenant, name: 'ones', vendor: 'v*', model: 'o*', priority: 1, keys: keys({ A: '1', B: '2', C: '3' }) },
        { tenant, name: 'by hand', priority: 9, keys: keys({ A: '9' }) },
        { tenant: 'stranger', name: 'ones', vendor: '*', priority: 99, keys: keys({ A: '99' }) },
      ],
    });
  });

  test('that fits changes what differs, and nothing else', async () => {
    const { id, calls } = await station({ A: '1', B: '1' });
    await read(id);
    expect(await apply(id)).toMatchObject({ template: 'ones', state: 'rejected', keys: [{ key: 'B', state: 'accepted' }, { key: 'C', state: 'rejected', status: 'NotSupported' }] });
    expect(await stored(id)).toMatchObject({ A: { value: '1' }, B: { value: '2' }, C: { known: false } });
    expect(await apply(id)).toEqual({ template: 'ones', state: 'accepted', keys: [] });
    expect(calls).toHaveLength(3);
    expect((await apply(id, { all: true })).keys).toHaveLength(3);
  });

  test('that is assigned goes before one that fits, and one that is named before either', async () => {
    const { id } = await station({ A: '5' });
    await database.prisma.station.updateMany({ where: { id }, data: { template: 'by hand' } });
    expect(await apply(id)).toMatchObject({ template: 'by hand', keys: [{ key: 'A' }] });
    expect(await stored(id)).toMatchObject({ A: { value: '9' } });
    expect(await apply(id, { template: 'volts' })).toMatchObject({ template: 'volts' });
    expect(await stored(id)).toMatchObject({ A: { value: '0' } });
  });

  test('that is not there, or fits nobody, is said to be missing', async () => {
    const { id } = await station({});
    expect((await rejection(apply(id, { template: 'nobody has it' }))).code).toBe('not-found');
    await database.prisma.station.updateMany({ where: { id }, data: { vendor: 'Other' } });
    expect((await rejection(apply(id))).code).toBe('not-found');
  });
});
