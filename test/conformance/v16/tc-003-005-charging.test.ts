import { expect, test } from '@jest/globals';
import { answered, bootedStation, command, connectorShows, driver, invariantsHold, transactions, useCentralSystem } from './certification.js';

useCentralSystem();

test('TC_003 Regular charging session, plugged in first', async () => {
  const station = await bootedStation('TC-003');
  const since = station.length;
  await station.status('Preparing');
  expect(await station.authorize(driver)).toBe('Accepted');
  const transactionId = await station.start(driver);
  expect(transactionId).toBeGreaterThan(0);
  await station.status('Charging');
  const { since: shownSince } = await connectorShows('TC-003', 'Charging', { status: 'Occupied' });
  // The same once more is no news.
  await station.status('Charging');
  await connectorShows('TC-003', 'Charging', { since: shownSince });
  expect(await transactions('TC-003')).toMatchObject([{ open: true, token: driver, authorization: 'Accepted', evse: 1, startWh: 100 }]);
  await station.meter(transactionId, 350);
  expect(await station.authorize(driver)).toBe('Accepted');
  expect(await station.stop(transactionId, 'Local', { idTag: driver })).toEqual({ idTagInfo: { status: 'Accepted' } });
  await station.status('Finishing');
  await station.status('Available');
  await connectorShows('TC-003', 'Available');
  expect(await transactions('TC-003')).toMatchObject([{ id: String(transactionId), open: false, endKind: 'reported', stopReason: 'Local', stopToken: driver, energyWh: 500, flags: [] }]);
  expect(station.story(since)).toEqual(['StatusNotification', 'Authorize', 'StartTransaction', 'StatusNotification', 'StatusNotification', 'MeterValues', 'Authorize', 'StopTransaction', 'StatusNotification', 'StatusNotification']);
});

test('TC_004_1 Regular charging session, identification first', async () => {
  const station = await bootedStation('TC-004-1');
  expect(await station.authorize(driver)).toBe('Accepted');
  await station.status('Preparing');
  const transactionId = await station.start(driver);
  await station.status('Charging');
  expect(await station.stop(transactionId, 'EVDisconnected')).toEqual({});
  await station.status('Available');
  expect(await transactions('TC-004-1')).toMatchObject([{ id: String(transactionId), open: false, stopReason: 'EVDisconnected', stopToken: null, energyWh: 500 }]);
});

test('TC_004_2 Identification first, nobody plugs in: ConnectionTimeOut', async () => {
  const station = await bootedStation('TC-004-2');
  station.answer('ChangeConfiguration', { status: 'Accepted' });
  expect(await command('TC-004-2', 'commands', { action: 'ChangeConfiguration', payload: { key: 'ConnectionTimeOut', value: '2' } })).toMatchObject(answered('accepted', 'Accepted'));
  expect(station.asks('ChangeConfiguration')).toEqual([{ key: 'ConnectionTimeOut', value: '2' }]);
  const since = station.length;
  expect(await station.authorize(driver)).toBe('Accepted');
  await station.status('Preparing');
  await station.status('Available');
  await connectorShows('TC-004-2', 'Available');
  expect(await transactions('TC-004-2')).toEqual([]);
  // The driver may charge elsewhere: nothing of the first attempt is left, and nothing more is asked of the station.
  expect(await station.authorize(driver)).toBe('Accepted');
  expect(station.story(since)).toEqual(['Authorize', 'StatusNotification', 'StatusNotification', 'Authorize']);
});

test('TC_005_1 The car’s side is unplugged, StopTransactionOnEVSideDisconnect is true', async () => {
  const station = await bootedStation('TC-005-1');
  station.answer('ChangeConfiguration', { status: 'Accepted' });
  expect(await command('TC-005-1', 'commands', { action: 'ChangeConfiguration', payload: { key: 'StopTransactionOnEVSideDisconnect', value: 'true' } })).toMatchObject(answered('accepted', 'Accepted'));
  expect(station.asks('ChangeConfiguration')).toEqual([{ key: 'StopTransactionOnEVSideDisconnect', value: 'true' }]);
  expect(await station.authorize(driver)).toBe('Accepted');
  await station.status('Preparing');
  const transactionId = await station.start(driver);
  await station.status('Charging');
  await station.status('SuspendedEV');
  await connectorShows('TC-005-1', 'SuspendedEV', { status: 'Occupied' });
  expect(await station.stop(transactionId, 'EVDisconnected')).toEqual({});
  await station.status('Finishing');
  await station.status('Available');
  await connectorShows('TC-005-1', 'Available');
  expect(await transactions('TC-005-1')).toMatchObject([{ open: false, stopReason: 'EVDisconnected', endKind: 'reported' }]);
});

invariantsHold();
