import { expect, test } from '@jest/globals';
import { sighting } from '@ohmnibus/contracts';
import { frameOf } from './session-fixture.js';
import { asker, useSession } from './running-session-fixture.js';

useSession({ HEARTBEAT_SECONDS: '120', PENDING_RETRY_SECONDS: '7' });

const boot16 = { chargePointVendor: 'Volt', chargePointModel: 'One', firmwareVersion: '1.2' };

test('a station is admitted, boots, tells its state and beats', async () => {
  await asker.make('life');
  expect(await asker.admit('life')).toMatchObject({ verdict: 'admitted' });
  await asker.report('connected', 'life', 1);
  const boot = await asker.call(frameOf('life', 1, 1), 'BootNotification', boot16);
  expect(JSON.parse((boot as { payload: string }).payload)).toMatchObject({ status: 'Accepted', interval: 120 });
  expect(await asker.call(frameOf('life', 1, 2), 'StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Preparing' })).toEqual({ kind: 'result', payload: '{}' });
  expect(await asker.call(frameOf('life', 1, 3), 'Heartbeat', {})).toMatchObject({ kind: 'result', payload: expect.stringMatching(/^{"currentTime":"\d{4}-/) });
  await asker.bus.ask(sighting, {}, { tenant: 'acme', station: 'life', at: new Date('2026-03-01T13:00:00Z') });
  expect(await asker.station('life')).toMatchObject({ online: true, epoch: 1n, vendor: 'Volt', bootFrame: 1n, lastSeenAt: new Date('2026-03-01T13:00:00Z') });
  expect((await asker.events('life')).map(({ type }) => type)).toEqual(['station.connected', 'station.booted', 'station.on-boot-due', 'connector.status-changed']);
});

test('a boot may bring the news of its connection: both are stored when it is answered, in one commit, also if the boot is none', async () => {
  await asker.make('brings', 'brings-nonsense');
  const connected = { pod: 'pod-1', remoteAddress: '192.0.2.7', at: new Date('2026-03-01T12:00:00Z') };
  expect(await asker.call(frameOf('brings', 1, 1), 'BootNotification', boot16, connected)).toMatchObject({ kind: 'result' });
  expect(await asker.station('brings')).toMatchObject({ online: true, epoch: 1n, pod: 'pod-1', remoteAddress: '192.0.2.7', connectedAt: connected.at, protocol: 'v16', vendor: 'Volt' });
  expect((await asker.events('brings')).map(({ type }) => type)).toEqual(['station.connected', 'station.booted', 'station.on-boot-due']);
  const [{ rows }] = (await asker.database.prisma.$queryRaw`SELECT count(DISTINCT xmin::text)::int AS rows FROM outbox WHERE events LIKE '%"brings"%'`) as [{ rows: number }];
  expect(rows).toBe(1);
  expect(await asker.call(frameOf('brings-nonsense', 1, 1), 'BootNotification', {}, connected)).toMatchObject({ kind: 'error' });
  expect(await asker.station('brings-nonsense')).toMatchObject({ online: true, epoch: 1n, vendor: null });
});

test('a 2.x station does the same', async () => {
  await asker.make('life2');
  const boot = { reason: 'PowerUp', chargingStation: { vendorName: 'Volt', model: 'Two', modem: { iccid: '8949' } } };
  expect(await asker.call(frameOf('life2', 1, 1, 'v201'), 'BootNotification', boot)).toMatchObject({ kind: 'result' });
  const status = { timestamp: '2026-03-01T12:00:00Z', connectorStatus: 'Available', evseId: 2, connectorId: 1 };
  expect(await asker.call(frameOf('life2', 1, 2, 'v201'), 'StatusNotification', status)).toEqual({ kind: 'result', payload: '{}' });
  expect(await asker.station('life2')).toMatchObject({ iccid: '8949', bootReason: 'PowerUp' });
});

test('a vendor that nobody agreed anything with is an answer, not an error', async () => {
  const answer = await asker.call(frameOf('any', 1, 1), 'DataTransfer', { vendorId: 'com.example', messageId: 'x' });
  expect(answer).toEqual({ kind: 'result', payload: '{"status":"UnknownVendorId"}' });
});

test('a payload that the standard forbids is an error in the words of its version', async () => {
  expect(await asker.call(frameOf('any', 1, 2), 'StatusNotification', { connectorId: 1 })).toMatchObject({ kind: 'error', code: 'OccurenceConstraintViolation' });
});
