import { expect, test } from '@jest/globals';
import { answered, bootedStation, command, connectorShows, driver, invariantsHold, operator, transactions, useCentralSystem } from './certification.js';

useCentralSystem();

const accepted = answered('accepted', 'Accepted');

test('TC_010 Remote start, cable plugged in first', async () => {
  const station = await bootedStation('TC-010');
  station.answer('RemoteStartTransaction', { status: 'Accepted' });
  await station.status('Preparing');
  expect(await command('TC-010', 'start', { token: driver, evse: 1 })).toMatchObject(accepted);
  expect(station.asks('RemoteStartTransaction')).toEqual([{ idTag: driver, connectorId: 1 }]);
  expect(await station.authorize(driver)).toBe('Accepted');
  const transactionId = await station.start(driver);
  await station.status('Charging');
  expect(await transactions('TC-010')).toMatchObject([{ id: String(transactionId), open: true, token: driver }]);
  await station.stop(transactionId, 'Local', { idTag: driver });
});

test('TC_011_1 Remote start first', async () => {
  const station = await bootedStation('TC-011-1');
  station.answer('RemoteStartTransaction', { status: 'Accepted' });
  const since = station.length;
  expect(await operator.start('TC-011-1', driver, 1)).toMatchObject(accepted);
  // Accepted is not started.
  expect(await transactions('TC-011-1')).toEqual([]);
  expect(await station.authorize(driver)).toBe('Accepted');
  await station.status('Preparing');
  const transactionId = await station.start(driver);
  await station.status('Charging');
  await connectorShows('TC-011-1', 'Charging');
  expect(await transactions('TC-011-1')).toMatchObject([{ id: String(transactionId), open: true }]);
  expect(station.asks('RemoteStartTransaction')).toEqual([{ idTag: driver, connectorId: 1 }]);
  expect(station.story(since)).toEqual(['<RemoteStartTransaction', 'Authorize', 'StatusNotification', 'StartTransaction', 'StatusNotification']);
  await station.stop(transactionId, 'Remote');
});

test('TC_011_2 Remote start first, nobody plugs in: time-out', async () => {
  const station = await bootedStation('TC-011-2');
  station.answer('RemoteStartTransaction', { status: 'Accepted' });
  expect(await command('TC-011-2', 'start', { token: driver, evse: 1 })).toMatchObject(accepted);
  expect(await station.authorize(driver)).toBe('Accepted');
  await station.status('Preparing');
  await station.status('Available');
  await connectorShows('TC-011-2', 'Available');
  expect(await transactions('TC-011-2')).toEqual([]);
  // It is not asked again.
  expect(station.asks('RemoteStartTransaction')).toEqual([{ idTag: driver, connectorId: 1 }]);
});

test('TC_012 Remote stop', async () => {
  const station = await bootedStation('TC-012');
  station.answer('RemoteStopTransaction', { status: 'Accepted' });
  await station.status('Preparing');
  const transactionId = await station.start(driver);
  await station.status('Charging');
  expect(await command('TC-012', 'stop', { transaction: String(transactionId) })).toMatchObject(accepted);
  expect(station.asks('RemoteStopTransaction')).toEqual([{ transactionId }]);
  // Accepted is not stopped.
  expect(await transactions('TC-012')).toMatchObject([{ open: true }]);
  expect(await station.stop(transactionId, 'Remote')).toEqual({});
  await station.status('Finishing');
  await station.status('Available');
  expect(await transactions('TC-012')).toMatchObject([{ open: false, stopReason: 'Remote', energyWh: 500 }]);
});

test('TC_026 Remote start, rejected', async () => {
  const station = await bootedStation('TC-026');
  station.answer('RemoteStartTransaction', { status: 'Rejected' });
  expect(await command('TC-026', 'start', { token: driver, evse: 1 })).toMatchObject(answered('rejected', 'Rejected'));
  expect(station.asks('RemoteStartTransaction')).toEqual([{ idTag: driver, connectorId: 1 }]);
  expect(await transactions('TC-026')).toEqual([]);
  expect(await operator.rows('SELECT state FROM command WHERE station = $1', 'TC-026')).toEqual([{ state: 'rejected' }]);
});

test('TC_028 Remote stop, rejected', async () => {
  const station = await bootedStation('TC-028');
  station.answer('RemoteStopTransaction', { status: 'Rejected' });
  const transactionId = await station.start(driver);
  await station.status('Charging');
  const rejected = answered('rejected', 'Rejected');
  expect(await command('TC-028', 'stop', { transaction: String(transactionId) })).toMatchObject(rejected);
  // A transaction that the station does not have goes out as it is given.
  expect(await command('TC-028', 'commands', { action: 'RemoteStopTransaction', payload: { transactionId: 1_999_999_999 } })).toMatchObject(rejected);
  expect(station.asks('RemoteStopTransaction')).toEqual([{ transactionId }, { transactionId: 1_999_999_999 }]);
  expect(await transactions('TC-028')).toMatchObject([{ open: true }]);
  await station.stop(transactionId, 'Local');
});

invariantsHold();
