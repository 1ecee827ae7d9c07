import { expect, test } from '@jest/globals';
import { eventually } from '@ohmnibus/testkit';
import { bootedStation, connectorShows, driver, invariantsHold, system, transactions, useCentralSystem } from './certification.js';

// The time of grace is as short as it goes: the end that is queued comes after it.
useCentralSystem({ env: { transaction: { RECONCILE_GRACE_SECONDS: '1', RECONCILE_CHECK_SECONDS: '1', RECONCILE_COMPARE_SECONDS: '1' } } });

const minutesAgo = (n: number) => new Date(Date.now() - n * 60_000).toISOString();

test('TC_032_1 Power failure in a session, configured to stop transactions', async () => {
  const station = await bootedStation('TC-032-1');
  await station.status('Preparing');
  const transactionId = await station.start(driver, { timestamp: minutesAgo(30) });
  await station.status('Charging');
  await station.meter(transactionId, 400, minutesAgo(20));
  station.cut();
  await eventually('the station is shown as offline', async () => (await system.rest('GET', '/stations/TC-032-1/connection')).body['online'] === false);
  // An absence ends nothing.
  expect(await transactions('TC-032-1')).toMatchObject([{ open: true }]);

  await station.connect();
  expect(await station.call('BootNotification', { chargePointVendor: 'Tester', chargePointModel: 'CP' })).toMatchObject({ status: 'Accepted' });
  await station.status('Available', { connectorId: 0 });
  const end = minutesAgo(19);
  expect(await station.stop(transactionId, 'PowerLoss', { timestamp: end, meterStop: 420 })).toEqual({});
  await station.status('Available');
  await connectorShows('TC-032-1', 'Available');
  expect(await transactions('TC-032-1')).toMatchObject([{ id: String(transactionId), open: false, endKind: 'reported', endedAbnormally: false, stopReason: 'PowerLoss', endedAt: end, energyWh: 320 }]);
});

test('TC_032_1 A power failure after which the station has forgotten the session: the end is inferred, and corrected when it comes after all', async () => {
  const station = await bootedStation('TC-032-lost');
  await station.status('Preparing');
  const [began, measured] = [minutesAgo(30), minutesAgo(20)];
  const transactionId = await station.start(driver, { timestamp: began });
  await station.status('Charging');
  await station.meter(transactionId, 400, measured);
  station.cut();
  expect(await station.boot()).toMatchObject({ status: 'Accepted' });
  // It counts as back for good after it has been there for as long as the time of grace.
  const inferred = await eventually('the end is inferred', async () => (await transactions('TC-032-lost')).find(({ endKind }) => endKind === 'inferred'), { timeoutMs: 20_000 });
  expect(inferred).toMatchObject({ id: String(transactionId), open: false, endedAbnormally: true, endCause: 'station-booted', endedAt: measured, endWh: 400, energyWh: 300, times: { start: { reported: began }, end: { reported: null } } });

  const end = minutesAgo(19);
  expect(await station.stop(transactionId, 'PowerLoss', { timestamp: end, meterStop: 420 })).toEqual({});
  expect(await transactions('TC-032-lost')).toMatchObject([{ endKind: 'reported', endedAbnormally: false, endedAt: end, endWh: 420, endInferredAt: expect.any(String), endCause: 'station-booted' }]);
});

test('TC_039 Offline transaction', async () => {
  const station = await bootedStation('TC-039');
  station.cut();
  await eventually('the station is shown as offline', async () => (await system.rest('GET', '/stations/TC-039/connection')).body['online'] === false);
  // Meanwhile it starts, measures and ends a session by itself, and keeps that for us.
  const [began, measured, ended] = [minutesAgo(50), minutesAgo(40), minutesAgo(30)];
  await station.connect();
  const since = station.length;
  const transactionId = await station.start(driver, { timestamp: began });
  expect(transactionId).toBeGreaterThan(0);
  await station.meter(transactionId, 350, measured);
  expect(await station.stop(transactionId, 'Local', { timestamp: ended, idTag: driver })).toEqual({ idTagInfo: { status: 'Accepted' } });
  await station.status('Available');
  expect(station.story(since)).toEqual(['StartTransaction', 'MeterValues', 'StopTransaction', 'StatusNotification']);
  const [transaction] = await transactions('TC-039');
  expect(transaction).toMatchObject({ id: String(transactionId), open: false, token: driver, startedAt: began, endedAt: ended, energyWh: 500, endKind: 'reported', flags: [] });
  // The station's times count; when we heard of them is kept beside.
  const { start, end } = transaction!['times'] as Record<'start' | 'end', { reported: string; received: string }>;
  expect([start.reported, end.reported]).toEqual([began, ended]);
  expect(Date.parse(start.received)).toBeGreaterThan(Date.parse(ended));
  const samples = await system.rest<{ items: { at: string }[] }>('GET', `/transactions/${transactionId}/samples`);
  expect(samples.body.items.map(({ at }) => at)).toEqual([began, measured, ended]);
});

invariantsHold();
