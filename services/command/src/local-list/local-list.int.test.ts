import { beforeEach, describe, expect, test } from '@jest/globals';
import { syncLocalListCommand } from '@ohmnibus/contracts';
import { tokenKey } from '@ohmnibus/domain';
import { bus, connect, database, fresh, pod, rejection, result, send, tenant, useCommandService } from '../command-fixture.js';
import { LocalListStation } from './local-list-station.js';

useCommandService();

beforeEach(() => database.prisma.token.deleteMany({ where: { tenant } }));

async function tokens(values: readonly string[], more: object = {}): Promise<void> {
  await database.prisma.token.createMany({ data: values.map((value) => ({ tenant, key: tokenKey(value), value, status: 'Accepted', ...more })) });
}
const numbered = (count: number, prefix = 'T') => Array.from({ length: count }, (_, n) => `${prefix}${n}`);
const sync = (station: string, more: object = {}) => bus.ask(syncLocalListCommand, {}, { tenant, station, timeoutSeconds: 10, update: 'auto', ...more });
const raw = (station: LocalListStation, action: string, payload: object) => send(station.id, { action, payload });
const failed = result({ status: 'Failed' });

describe('bringing a list up to date', () => {
  test('sends all tokens that may be used at the station, in parts as long as it takes, and then only what changes', async () => {
    const station = await LocalListStation.start();
    await tokens(numbered(6));
    await tokens(['LATE'], { expiresAt: new Date('2030-01-01T00:00:00Z'), group: 'Fleet' });
    await tokens(['HERE'], { stationPrefixes: [station.id] });
    await tokens(['ELSEWHERE'], { stations: ['CS-ELSEWHERE'] });

    const first = await sync(station.id);
    expect(first).toMatchObject({ state: 'accepted', update: 'full', version: 2, entries: 8, leftOut: { tooLong: 0, beyondCapacity: 0 }, enabled: true });
    expect(first.parts.map(({ what, state }) => [what, state])).toEqual([['version', 'accepted'], ['limits', 'accepted'], ['full', 'accepted'], ['differential', 'accepted']]);
    expect(station.takeUpdates()).toEqual(['F1:4', 'D2:4']);
    expect(Object.fromEntries(station.lines)).toMatchObject({ HERE: { status: 'Accepted' }, LATE: { status: 'Accepted', expiryDate: '2030-01-01T00:00:00.000Z', parentIdTag: 'Fleet' } });
    expect(station.lines.size).toBe(8);
    expect(await station.belief()).toMatchObject({ version: 2, lastVerdict: 'accepted', syncUntil: null });

    expect(await sync(station.id)).toMatchObject({ state: 'accepted', update: 'none', version: 2, entries: 8, parts: [{ what: 'version' }] });
    await database.prisma.token.delete({ where: { tenant_key: { tenant, key: 't0' } } });
    await database.prisma.token.update({ where: { tenant_key: { tenant, key: 't1' } }, data: { status: 'Blocked' } });
    await tokens(['NEW']);
    expect(await sync(station.id)).toMatchObject({ state: 'accepted', update: 'differential', version: 3 });
    expect(station.updates.at(-1)).toMatchObject({ updateType: 'Differential', localAuthorizationList: [{ idTag: 'T0' }, { idTag: 'NEW', idTagInfo: { status: 'Accepted' } }, { idTag: 'T1', idTagInfo: { status: 'Blocked' } }] });
    expect(station.updates.at(-1)!.localAuthorizationList![0]).toEqual({ idTag: 'T0' });
    expect([...station.lines.keys()].toSorted()).toEqual(['HERE', 'LATE', 'NEW', 'T1', 'T2', 'T3', 'T4', 'T5']);
    // Its configuration was read once.
    expect(station.actions.filter((action) => action === 'GetConfiguration')).toHaveLength(1);
  });

  test('tells of messages that can be looked up by then, for whoever wants to', async () => {
    const station = await LocalListStation.start();
    await tokens(['T']);
    const { parts } = await sync(station.id, { stored: true });
    const found = await database.prisma.command.findMany({ where: { id: { in: parts.map(({ command }) => command!) } } });
    expect(found.map(({ state }) => state)).toEqual(parts.map(() => 'accepted'));
  });

  test('leaves out what the station has no room for, and says so', async () => {
    const station = await LocalListStation.start({ SendLocalListMaxLength: '100', LocalAuthListMaxLength: '3', LocalAuthListEnabled: 'false' });
    await tokens(numbered(4));
    await tokens(['BLOCKED'], { status: 'Blocked' });
    await tokens(['A'.repeat(21)]);
    expect(await sync(station.id)).toMatchObject({ state: 'accepted', entries: 3, leftOut: { tooLong: 1, beyondCapacity: 2 }, enabled: false });
    expect([...station.lines.keys()]).toEqual(['T0', 'T1', 'T2']);
    expect(await sync(station.id, { capacity: 2, perMessage: 1 })).toMatchObject({ update: 'differential', entries: 2 });
    expect(await sync(station.id, { update: 'full', capacity: 2, perMessage: 1 })).toMatchObject({ state: 'accepted', update: 'full', version: 4 });
    expect(station.takeUpdates()).toEqual(['F1:3', 'D2:1', 'F3:1', 'D4:1']);
  });

  test('is careful where the station says nothing of its limits', async () => {
    const station = await LocalListStation.start({});
    await tokens(numbered(120));
    expect(await sync(station.id)).toMatchObject({ state: 'accepted', entries: 120, enabled: null });
    expect(station.takeUpdates()).toEqual(['F1:50', 'D2:50', 'D3:20']);
  });

  test('empties the list where no token is left', async () => {
    const station = await LocalListStation.start();
    await tokens(['ONLY']);
    await sync(station.id);
    await database.prisma.token.deleteMany({ where: { tenant } });
    expect(await sync(station.id)).toMatchObject({ state: 'accepted', update: 'full', entries: 0 });
    expect(station.lines.size).toBe(0);
    expect(await sync(station.id)).toMatchObject({ state: 'accepted', update: 'none', version: 0 });
    expect(await station.belief()).toMatchObject({ version: 0, entries: [] });
  });
});

describe('a station that', () => {
  test('has another list than is believed gets a whole one, above its version', async () => {
    const station = await LocalListStation.start();
    await tokens(['T']);
    await sync(station.id);
    station.version = 40;
    station.lines.set('SOMEBODY', { status: 'Accepted' });
    expect(await sync(station.id)).toMatchObject({ state: 'accepted', update: 'full', version: 41 });
    expect([...station.lines.keys()]).toEqual(['T']);
  });

  test.each(['VersionMismatch', 'Failed'])('answers a change with %s gets the whole list', async (status) => {
    const station = await LocalListStation.start();
    await tokens(numbered(3));
    await sync(station.id);
    await tokens(['NEW']);
    station.takeUpdates();
    station.answers.push(result({ listVersion: 1 }), result({ status }));
    const outcome = await sync(station.id);
    expect(outcome).toMatchObject({ state: 'accepted', update: 'full', version: 2 });
    expect(outcome.parts.map(({ what, status: word }) => [what, word])).toEqual([['version', undefined], ['differential', status], ['version', undefined], ['full', 'Accepted']]);
    expect(station.takeUpdates()).toEqual(['D2:1', 'F2:4']);
    expect(await station.belief()).toMatchObject({ version: 2, lastVerdict: 'accepted' });
  });

  test('fails at a whole list too is not asked again, and its lines are no longer known', async () => {
    const station = await LocalListStation.start();
    await tokens(numbered(6));
    await sync(station.id);
    station.takeUpdates();
    station.answers.push(failed);
    expect(await sync(station.id, { update: 'full' })).toMatchObject({ state: 'rejected', update: 'full', version: 2, parts: [{ what: 'full', state: 'rejected', status: 'Failed' }] });
    expect(station.takeUpdates()).toEqual(['F3:4']);
    expect(await station.belief()).toMatchObject({ version: 2, entries: null, lastVerdict: 'failed' });
    expect(await sync(station.id)).toMatchObject({ state: 'accepted', update: 'full', version: 4 });
  });

  test('keeps no list is sent none, unless it is insisted on', async () => {
    const station = await LocalListStation.start();
    station.version = -1;
    await tokens(['T']);
    expect(await sync(station.id)).toMatchObject({ state: 'rejected', update: 'none', version: -1, entries: null });
    expect(station.updates).toEqual([]);
    expect(await sync(station.id, { update: 'full' })).toMatchObject({ state: 'rejected', update: 'full', version: -1, parts: [{ what: 'limits' }, { what: 'full', status: 'NotSupported' }] });
    expect(await station.belief()).toMatchObject({ version: -1, lastVerdict: 'not-supported' });
  });

  test('does not know the messages says so', async () => {
    const station = await LocalListStation.start();
    station.answers.push({ kind: 'error', code: 'NotImplemented', description: '', details: {} });
    expect(await sync(station.id)).toMatchObject({ state: 'failed', update: 'none', version: null, parts: [{ what: 'version', state: 'failed', reason: 'NotImplemented' }] });
  });

  test('does not answer in the middle leaves a list that is looked at anew', async () => {
    const station = await LocalListStation.start();
    await tokens(numbered(9));
    station.answers.push(result({ listVersion: 0 }), result({ status: 'Accepted' }), { kind: 'unanswered', reason: 'timeout' });
    const outcome = await sync(station.id);
    expect(outcome).toMatchObject({ state: 'unknown', version: 1 });
    expect(outcome.parts.map(({ what, state }) => [what, state])).toEqual([['version', 'accepted'], ['limits', 'accepted'], ['full', 'accepted'], ['differential', 'unknown']]);
    // It had taken the part that it did not answer.
    station.version = 2;
    station.lines.set('T0', {});
    expect(await sync(station.id)).toMatchObject({ state: 'accepted', update: 'full', version: 5 });
    expect(station.lines.size).toBe(9);
  });

  test('is offline is said to be', async () => {
    const station = fresh('CS');
    await database.prisma.station.create({ data: { tenant, id: station } });
    expect(await sync(station)).toMatchObject({ state: 'failed', version: null, parts: [{ what: 'version', state: 'failed', reason: 'offline' }] });
    expect(await sync(station, { update: 'full' })).toMatchObject({ state: 'failed', parts: [{ what: 'full', state: 'failed', reason: 'offline' }] });
  });

  test('speaks a version that has no such message yet is not asked', async () => {
    const { station } = await connect((await pod(() => result({}))).name, 'v201');
    await database.prisma.station.create({ data: { tenant, id: station } });
    expect(await sync(station)).toMatchObject({ state: 'failed', parts: [{ reason: 'unsupported' }] });
  });

  test('nobody knows is not found', async () => {
    expect(await rejection(sync('CS-NOBODY'))).toMatchObject({ code: 'not-found' });
  });
});

test('of two synchronisations of a station at once one is refused', async () => {
  const station = await LocalListStation.start();
  await tokens(['T']);
  let go = (): void => undefined;
  const held = new Promise<void>((resolve) => (go = resolve));
  let begun = (): void => undefined;
  const asked = new Promise<void>((resolve) => (begun = resolve));
  station.answers.push(async () => {
    begun();
    await held;
    return result({ listVersion: 0 });
  });
  const first = sync(station.id);
  await asked;
  expect(await rejection(sync(station.id))).toMatchObject({ code: 'conflict' });
  go();
  expect(await first).toMatchObject({ state: 'accepted' });
  expect(await sync(station.id)).toMatchObject({ update: 'none' });
});

describe('what a raw command tells is learnt', () => {
  const line = (idTag: string) => ({ idTag, idTagInfo: { status: 'Accepted' } });

  test('lines and version of what was sent, and a version alone', async () => {
    const station = await LocalListStation.start();
    expect(await station.belief()).toBeNull();
    await raw(station, 'GetLocalListVersion', {});
    expect(await station.belief()).toMatchObject({ version: 0, entries: [] });
    await raw(station, 'SendLocalList', { listVersion: 7, updateType: 'Full', localAuthorizationList: [line('A'), line('B')] });
    expect(await station.belief()).toMatchObject({ version: 7, entries: [{ token: 'A', status: 'Accepted' }, { token: 'B', status: 'Accepted' }], lastVerdict: 'accepted' });
    await raw(station, 'SendLocalList', { listVersion: 9, updateType: 'Differential', localAuthorizationList: [{ idTag: 'a' }, line('C')] });
    expect(await station.belief()).toMatchObject({ version: 9, entries: [{ token: 'B' }, { token: 'C' }] });
    await raw(station, 'SendLocalList', { listVersion: 9, updateType: 'Differential', localAuthorizationList: [line('D')] });
    expect(await station.belief()).toMatchObject({ version: null, entries: null, lastVerdict: 'version-mismatch' });
    await raw(station, 'GetLocalListVersion', {});
    expect(await station.belief()).toMatchObject({ version: 9, entries: null });
    await raw(station, 'SendLocalList', { listVersion: 10, updateType: 'Differential', localAuthorizationList: [line('D')] });
    expect(await station.belief()).toMatchObject({ version: 10, entries: null, lastVerdict: 'accepted' });
  });

  test('but a change that cannot have followed on what is believed leaves lines that are not known', async () => {
    const station = await LocalListStation.start();
    await raw(station, 'SendLocalList', { listVersion: 7, updateType: 'Full', localAuthorizationList: [line('A')] });
    station.answers.push(result({ status: 'Accepted' }));
    await raw(station, 'SendLocalList', { listVersion: 7, updateType: 'Differential', localAuthorizationList: [line('B')] });
    expect(await station.belief()).toMatchObject({ version: 7, entries: null, lastVerdict: 'accepted' });
  });

  test('but not of what the schema has no words for', async () => {
    const station = await LocalListStation.start();
    await raw(station, 'SendLocalList', { listVersion: 'seven', updateType: 'Full' });
    expect(await station.belief()).toBeNull();
  });
});
