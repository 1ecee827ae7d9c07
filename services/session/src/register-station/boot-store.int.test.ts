import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { Database, GroupCommit } from '@ohmnibus/database';
import type { BootReport } from '@ohmnibus/domain';
import { openTestkit, type Testkit } from '@ohmnibus/testkit';
import { Asker, frameOf } from '../session-fixture.js';
import { BootStore } from './boot-store.js';
import { RegisterStation } from './register-station.js';

let kit: Testkit;
let asker: Asker;
let store: BootStore;

beforeAll(async () => {
  kit = await openTestkit({ services: ['postgres', 'nats'] });
  asker = await Asker.open(kit);
  store = new BootStore(asker.database);
});
afterAll(async () => {
  await asker.close();
  await kit.close();
});

const accepted = { registration: 'Accepted', lost: false };

const boot = (station: string, epoch: number, frame: number, more: Partial<BootReport> = {}): BootReport => ({
  origin: frameOf(station, epoch, frame),
  vendor: 'Volt',
  model: `M${epoch}.${frame}`,
  ...more,
});

test('a boot is kept with all that the station said, and told', async () => {
  await asker.make('full');
  const said = { serialNumber: 's', firmwareVersion: 'f', iccid: 'i', imsi: 'j', meterType: 't', meterSerialNumber: 'u', reason: 'PowerUp' };
  expect(await store.record([boot('full', 2, 1, said)])).toEqual([accepted]);
  const { reason, ...columns } = said;
  expect(await asker.station('full')).toMatchObject({ vendor: 'Volt', model: 'M2.1', ...columns, bootReason: reason, bootEpoch: 2n, bootFrame: 1n, bootedAt: frameOf('full', 2, 1).receivedAt });
  expect(await asker.events('full')).toMatchObject([{ type: 'station.booted', body: { model: 'M2.1', firmwareVersion: 'f', registration: 'Accepted', epoch: 2 } }]);
});

test('what the station wants after a boot is told with it', async () => {
  await asker.database.prisma.station.create({ data: { tenant: 'acme', id: 'wants', onBootConfiguration: false, onBootLocalList: true } });
  await store.record([boot('wants', 1, 1)]);
  expect(await asker.events('wants')).toMatchObject([{ body: { onBootConfiguration: false, onBootLocalList: true } }]);
});

test('what a later boot leaves out is forgotten', async () => {
  await asker.make('less');
  await store.record([boot('less', 2, 1, { iccid: '8949' })]);
  await store.record([boot('less', 2, 5)]);
  expect(await asker.station('less')).toMatchObject({ model: 'M2.5', iccid: null });
});

test('a repeated or late boot changes nothing, is told to nobody and is answered alike', async () => {
  await asker.make('late');
  for (const [epoch, frame] of [[3, 7], [3, 7], [3, 2], [2, 9]] as const) expect(await store.record([boot('late', epoch, frame)])).toEqual([accepted]);
  expect(await asker.station('late')).toMatchObject({ model: 'M3.7', bootFrame: 7n });
  expect(await asker.events('late')).toHaveLength(1);
  await store.record([boot('late', 4, 1)]);
  expect(await asker.station('late')).toMatchObject({ model: 'M4.1' });
});

test('in one batch each is answered in its place, by what its own row says', async () => {
  await asker.make('b', 'a');
  await asker.database.prisma.station.create({ data: { tenant: 'acme', id: 'waits', bootPolicy: 'pending' } });
  const batch = [boot('waits', 1, 1), boot('b', 1, 2), boot('nobody', 1, 1), boot('a', 1, 1), boot('b', 1, 9), boot('b', 1, 3)];
  expect(await store.record(batch)).toEqual([{ registration: 'Pending', lost: true }, accepted, undefined, accepted, accepted, accepted]);
  expect(await asker.station('b')).toMatchObject({ model: 'M1.9' });
});

test('a boot that cannot be stored fails alone', async () => {
  await asker.make('healthy', 'ill');
  const commit = new GroupCommit({ name: 'boots', write: (rows: readonly BootReport[]) => store.record(rows) });
  const outcomes = await Promise.allSettled([commit.add(boot('healthy', 1, 1)), commit.add(boot('ill', 1, 1, { vendor: 'V\0' })), commit.add(boot('a', 8, 1))]);
  expect(outcomes).toMatchObject([{ value: accepted }, { reason: { code: 'bad-value' } }, { value: accepted }]);
  expect(await asker.station('ill')).toMatchObject({ bootEpoch: 0n });
});

test('two processes that get each boot twice tell it once', async () => {
  const stations = Array.from({ length: 20 }, (_, i) => `twice-${i}`);
  await asker.make(...stations);
  const other = new Database({ url: kit.databaseUrl, name: 'other' });
  const batch = stations.map((station) => boot(station, 1, 1));
  await Promise.all([store.record(batch), new BootStore(other).record(batch.toReversed()), store.record(batch)]);
  await other.close();
  for (const station of stations) expect(await asker.events(station)).toHaveLength(1);
});

test('only an accepted station is told the interval of heartbeats, all others when to ask again', async () => {
  const at = new Date('2026-03-01T12:00:00Z');
  const register = (registration: 'Accepted' | 'Pending' | 'Rejected' | undefined) =>
    new RegisterStation(
      async () => registration && { registration, lost: false },
      { bootPolicy: async () => 'accept', quirks: async () => undefined },
      { heartbeatSeconds: 300, retrySeconds: 60 },
      { now: () => at },
      () => undefined,
    ).run(boot('x', 1, 1));
  expect(await register('Accepted')).toEqual({ status: 'Accepted', at, intervalSeconds: 300 });
  expect(await register('Pending')).toEqual({ status: 'Pending', at, intervalSeconds: 60 });
  expect(await register('Rejected')).toEqual({ status: 'Rejected', at, intervalSeconds: 60 });
  expect(await register(undefined)).toEqual({ status: 'Rejected', at, intervalSeconds: 60 });
});
