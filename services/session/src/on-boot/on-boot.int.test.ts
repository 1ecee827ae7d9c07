import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { EventStream } from '@ohmnibus/bus';
import { readConfigurationCommand, syncLocalListCommand } from '@ohmnibus/contracts';
import type { RunningParts } from '@ohmnibus/runtime';
import { eventually, openTestkit, type Testkit } from '@ohmnibus/testkit';
import { Asker, startedSession } from '../session-fixture.js';

let kit: Testkit;
let session: RunningParts;
let asker: Asker;
let stream: EventStream;
const read: string[] = [];
const synced: string[] = [];
/** What the command service answers to the next questions. */
const states: ('accepted' | 'expired' | 'failed')[] = [];
let ids = 0;

beforeAll(async () => {
  kit = await openTestkit();
  session = await startedSession(kit, { ON_BOOT_LOCAL_LIST: 'off' });
  asker = await Asker.open(kit);
  stream = await EventStream.open(asker.bus);
  asker.bus.serve(readConfigurationCommand, {}, ({ station, requestedBy }) => {
    read.push(`${station} ${requestedBy}`);
    return { state: states.shift() ?? ('accepted' as const), parts: [] };
  });
  asker.bus.serve(syncLocalListCommand, {}, ({ station }) => {
    synced.push(station);
    return { state: 'accepted' as const, update: 'none' as const, version: 1, entries: 0, leftOut: { tooLong: 0, beyondCapacity: 0 }, enabled: true, parts: [] };
  });
  await asker.bus.connection.flush();
});
afterAll(async () => {
  await asker.close();
  await session.stop();
  await kit.close();
});

async function make(id: string, more: object = {}): Promise<void> {
  await asker.database.prisma.station.create({ data: { tenant: 'acme', id, registration: 'Accepted', bootEpoch: 5n, firmwareVersion: '1.0', ...more } });
}
const booted = (id: string, body: object = {}) =>
  stream.publish([{ id: `b-${++ids}`, type: 'station.on-boot-due', tenant: 'acme', station: id, at: new Date().toISOString(), body: { epoch: 5, configuration: true, localList: false, ...body } }]);
const snapshot = (id: string, firmwareVersion: string) => asker.database.prisma.configurationSnapshot.create({ data: { tenant: 'acme', station: id, readAt: new Date(), firmwareVersion } });

/** Boots are handled in their order, a few at a time: what a later one brought about comes after what an earlier one would have. */
async function cameOf(id: string): Promise<string[]> {
  await make(`after-${id}`);
  await booted(`after-${id}`);
  await eventually('a later boot is handled', () => read.includes(`after-${id} on boot`));
  return [...read, ...synced].filter((line) => line.split(' ')[0] === id);
}

test('the configuration is read after a boot if it was never read, or of another firmware', async () => {
  await make('new');
  await make('updated');
  await snapshot('updated', '0.9');
  await booted('new');
  await booted('updated');
  await eventually('both are read', () => read.includes('new on boot') && read.includes('updated on boot'));
});

test('it is read again after the restart that a part of it waited for', async () => {
  await make('restarted');
  await snapshot('restarted', '1.0');
  const waiting = { tenant: 'acme', station: 'restarted', key: 'HeartbeatInterval', variable: 'HeartbeatInterval', value: '300', pendingValue: '60', readAt: new Date(), source: 'set' };
  await asker.database.prisma.configurationKey.create({ data: waiting });
  await booted('restarted');
  await eventually('it is read', () => read.includes('restarted on boot'));
});

test('and not if it is known by now, the acceptance was taken back, there was another boot since, or the station is gone', async () => {
  await make('known');
  await snapshot('known', '1.0');
  await booted('known');
  expect(await cameOf('known')).toEqual([]);
  await make('pending', { registration: 'Pending' });
  await booted('pending');
  expect(await cameOf('pending')).toEqual([]);
  await make('again');
  await booted('again', { epoch: 4 });
  expect(await cameOf('again')).toEqual([]);
  await booted('nobody');
  expect(await cameOf('nobody')).toEqual([]);
});

test('what is done is what is due', async () => {
  await make('listed');
  await booted('listed', { configuration: false, localList: true });
  await eventually('its list is brought up to date', () => synced.includes('listed'));
  expect(read).not.toContain('listed on boot');
});

test('what did not reach the station in time is tried again, what it refused is not', async () => {
  await make('settling');
  states.push('expired');
  await booted('settling');
  await eventually('it is asked again', () => read.filter((line) => line === 'settling on boot').length === 2);
  await make('refusing');
  states.push('failed');
  await booted('refusing');
  await eventually('it is asked', () => read.includes('refusing on boot'));
  expect(await cameOf('nobody-else')).toEqual([]);
  expect(read.filter((line) => line === 'refusing on boot')).toHaveLength(1);
});
