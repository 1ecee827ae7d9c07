import { describe, expect, test } from '@jest/globals';
import { Database, GroupCommit } from '@ohmnibus/database';
import { StationStateStore } from './station-state-store.js';
import type { Boot } from './station-news.js';
import { connection, frameOf, recordBoots, recordConnections } from '../session-fixture.js';
import { RegisterStation } from '../register-station/register-station.js';
import { asker, kit, useStores } from '../stores-fixture.js';

useStores();

const record = (boots: readonly Boot[]) => recordBoots(asker.database, boots);
const accepted = { registration: 'Accepted', lost: false };

const boot = (station: string, epoch: number, frame: number, more: Partial<Boot> = {}): Boot => ({
  origin: frameOf(station, epoch, frame),
  vendor: 'Volt',
  model: `M${epoch}.${frame}`,
  ...more,
});

test('a boot is kept with all that the station said, and told', async () => {
  await asker.make('full');
  const said = { serialNumber: 's', firmwareVersion: 'f', iccid: 'i', imsi: 'j', meterType: 't', meterSerialNumber: 'u', reason: 'PowerUp' };
  expect(await record([boot('full', 2, 1, said)])).toEqual([accepted]);
  const { reason, ...columns } = said;
  expect(await asker.station('full')).toMatchObject({ vendor: 'Volt', model: 'M2.1', ...columns, bootReason: reason, bootEpoch: 2n, bootFrame: 1n, bootedAt: frameOf('full', 2, 1).receivedAt });
  expect(await asker.events('full')).toMatchObject([{ type: 'station.booted', body: { model: 'M2.1', firmwareVersion: 'f', registration: 'Accepted', epoch: 2 } }]);
});

describe('what is to be done after a boot', () => {
  const due = async (station: string) => (await asker.events(station)).filter(({ type }) => type === 'station.on-boot-due').map(({ body }) => body);
  const make = (id: string, more: object = {}) => asker.database.prisma.station.create({ data: { tenant: 'acme', id, ...more } });
  const snapshot = (station: string, firmwareVersion: string | null) => asker.database.prisma.configurationSnapshot.create({ data: { tenant: 'acme', station, readAt: new Date(), firmwareVersion } });
  const reads = { onBootConfiguration: true, onBootLocalList: false };

  test('is told apart, as its tenant has it, or the station itself', async () => {
    await make('as-tenant');
    await make('as-itself', { onBootConfiguration: false, onBootLocalList: true });
    await record([boot('as-tenant', 1, 1, reads), boot('as-itself', 1, 1, reads)]);
    expect(await due('as-tenant')).toEqual([{ epoch: 1, configuration: true, localList: false }]);
    expect(await due('as-itself')).toEqual([{ epoch: 1, configuration: false, localList: true }]);
    expect((await asker.events('as-tenant')).map(({ type }) => type)).toEqual(['station.booted', 'station.on-boot-due']);
  });

  test('is nothing where nobody wants anything, the configuration is known, or the boot is not accepted', async () => {
    for (const station of ['wants-nothing', 'known', 'known-without', 'newer-firmware']) await make(station);
    await make('kept-waiting', { bootPolicy: 'pending' });
    await snapshot('known', '1.0');
    await snapshot('known-without', null);
    await snapshot('newer-firmware', '0.9');
    await record([
      boot('wants-nothing', 1, 1, { onBootConfiguration: false, onBootLocalList: false }),
      boot('known', 1, 1, { ...reads, firmwareVersion: '1.0' }),
      boot('known-without', 1, 1, reads),
      boot('newer-firmware', 1, 1, { ...reads, firmwareVersion: '1.0' }),
      boot('kept-waiting', 1, 1, { onBootConfiguration: true, onBootLocalList: true }),
    ]);
    for (const station of ['wants-nothing', 'known', 'known-without', 'kept-waiting']) expect(await due(station)).toEqual([]);
    expect(await due('newer-firmware')).toHaveLength(1);
  });
});

describe('a connection and a boot that arrive together', () => {
  test('are both in the row and told in their order, whichever was heard of first', async () => {
    await asker.make('together');
    const news = [
      { kind: 'boot', boot: boot('together', 7, 1) },
      { kind: 'connection', report: connection('disconnected', 'together', 6) },
      { kind: 'connection', report: connection('connected', 'together', 7) },
    ] as const;
    expect(await new StationStateStore(asker.database).record(news)).toEqual([accepted, undefined, undefined]);
    expect(await asker.station('together')).toMatchObject({ online: true, epoch: 7n, pod: 'pod-7', bootEpoch: 7n, model: 'M7.1' });
    expect((await asker.events('together')).map(({ type, body }) => `${type} ${String(body['epoch'])}`)).toEqual(['station.disconnected 6', 'station.connected 7', 'station.booted 7']);
  });

  test('are judged apart: what is old of them changes nothing', async () => {
    await asker.make('apart');
    await recordConnections(asker.database, [connection('connected', 'apart', 5)]);
    await record([boot('apart', 5, 9)]);
    const store = new StationStateStore(asker.database);
    await store.record([{ kind: 'connection', report: connection('connected', 'apart', 4) }, { kind: 'boot', boot: boot('apart', 6, 1) }]);
    expect(await asker.station('apart')).toMatchObject({ online: true, epoch: 5n, pod: 'pod-5', remoteAddress: '192.0.2.7', connectedAt: connection('connected', 'apart', 5).at, model: 'M6.1' });
    await store.record([{ kind: 'connection', report: connection('disconnected', 'apart', 5) }, { kind: 'boot', boot: boot('apart', 6, 1) }]);
    expect(await asker.station('apart')).toMatchObject({ online: false, pod: null, disconnectedAt: connection('disconnected', 'apart', 5).at, connectedAt: connection('connected', 'apart', 5).at, model: 'M6.1' });
    expect((await asker.events('apart')).map(({ type }) => type)).toEqual(['station.connected', 'station.booted', 'station.booted', 'station.disconnected']);
  });
});

test('what a later boot leaves out is forgotten', async () => {
  await asker.make('less');
  await record([boot('less', 2, 1, { iccid: '8949' })]);
  await record([boot('less', 2, 5)]);
  expect(await asker.station('less')).toMatchObject({ model: 'M2.5', iccid: null });
});

test('a repeated or late boot changes nothing, is told to nobody and is answered alike', async () => {
  await asker.make('late');
  for (const [epoch, frame] of [[3, 7], [3, 7], [3, 2], [2, 9]] as const) expect(await record([boot('late', epoch, frame)])).toEqual([accepted]);
  expect(await asker.station('late')).toMatchObject({ model: 'M3.7', bootFrame: 7n });
  expect(await asker.events('late')).toHaveLength(1);
  await record([boot('late', 4, 1)]);
  expect(await asker.station('late')).toMatchObject({ model: 'M4.1' });
});

test('in one batch each is answered in its place, by what its own row says', async () => {
  await asker.make('b', 'a');
  await asker.database.prisma.station.create({ data: { tenant: 'acme', id: 'waits', bootPolicy: 'pending' } });
  const batch = [boot('waits', 1, 1), boot('b', 1, 2), boot('nobody', 1, 1), boot('a', 1, 1), boot('b', 1, 9), boot('b', 1, 3)];
  expect(await record(batch)).toEqual([{ registration: 'Pending', lost: true }, accepted, undefined, accepted, accepted, accepted]);
  expect(await asker.station('b')).toMatchObject({ model: 'M1.9' });
});

test('a boot that cannot be stored fails alone', async () => {
  await asker.make('healthy', 'ill');
  const commit = new GroupCommit({ name: 'boots', write: (rows: readonly Boot[]) => record(rows) });
  const outcomes = await Promise.allSettled([commit.add(boot('healthy', 1, 1)), commit.add(boot('ill', 1, 1, { vendor: 'V\0' })), commit.add(boot('a', 8, 1))]);
  expect(outcomes).toMatchObject([{ value: accepted }, { reason: { code: 'bad-value' } }, { value: accepted }]);
  expect(await asker.station('ill')).toMatchObject({ bootEpoch: 0n });
});

test('two processes that get each boot twice tell it once', async () => {
  const stations = Array.from({ length: 20 }, (_, i) => `twice-${i}`);
  await asker.make(...stations);
  const other = new Database({ url: kit.databaseUrl, name: 'other' });
  const batch = stations.map((station) => boot(station, 1, 1));
  await Promise.all([record(batch), recordBoots(other, batch.toReversed()), record(batch)]);
  await other.close();
  for (const station of stations) expect(await asker.events(station)).toHaveLength(1);
});

test('only an accepted station is told the interval of heartbeats, all others when to ask again', async () => {
  const at = new Date('2026-03-01T12:00:00Z');
  const register = (registration: 'Accepted' | 'Pending' | 'Rejected' | undefined) =>
    new RegisterStation(
      async () => registration && { registration, lost: false },
      { settings: async () => ({ newcomers: 'refuse', bootPolicy: 'accept', onBootConfiguration: true, onBootLocalList: false }), quirks: async () => undefined },
      { heartbeatSeconds: 300, retrySeconds: 60 },
      { now: () => at },
      () => undefined,
    ).run(boot('x', 1, 1));
  expect(await register('Accepted')).toEqual({ status: 'Accepted', at, intervalSeconds: 300 });
  expect(await register('Pending')).toEqual({ status: 'Pending', at, intervalSeconds: 60 });
  expect(await register('Rejected')).toEqual({ status: 'Rejected', at, intervalSeconds: 60 });
  expect(await register(undefined)).toEqual({ status: 'Rejected', at, intervalSeconds: 60 });
});
