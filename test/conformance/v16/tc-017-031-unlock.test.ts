import { expect, test } from '@jest/globals';
import { answered, bootedStation, command, connectorShows, driver, invariantsHold, operator, transactions, useCentralSystem } from './certification.js';

useCentralSystem();

const unlock = (station: string, connectorId = 1) => command(station, 'commands', { action: 'UnlockConnector', payload: { connectorId } });

test.each([
  ['TC_017_1 Unlock without a session, cable not fixed', 'TC-017-1', 1, 'accepted', 'Unlocked'],
  ['TC_017_2 Unlock without a session, cable fixed', 'TC-017-2', 1, 'rejected', 'NotSupported'],
  ['TC_030 Unlock failure', 'TC-030', 1, 'rejected', 'UnlockFailed'],
  ['TC_031 Unlock of a connector that is not there', 'TC-031', 9, 'rejected', 'NotSupported'],
] as const)('%s', async (_name, id, connectorId, state, status) => {
  const station = await bootedStation(id);
  station.answer('UnlockConnector', { status });
  expect(await unlock(id, connectorId)).toMatchObject(answered(state, status));
  expect(station.asks('UnlockConnector')).toEqual([{ connectorId }]);
  expect(await operator.rows('SELECT action, state, result FROM command WHERE station = $1', id)).toMatchObject([{ action: 'UnlockConnector', state, result: { payload: { status } } }]);
  expect(await transactions(id)).toEqual([]);
});

test('TC_018_1 Unlock with a session: the transaction ends', async () => {
  const station = await bootedStation('TC-018-1');
  station.answer('UnlockConnector', { status: 'Unlocked' });
  await station.status('Preparing');
  const transactionId = await station.start(driver);
  await station.status('Charging');
  expect(await unlock('TC-018-1')).toMatchObject(answered('accepted', 'Unlocked'));
  // Only the station can say that it is over.
  expect(await transactions('TC-018-1')).toMatchObject([{ open: true }]);
  await station.status('Finishing');
  expect(await station.stop(transactionId, 'UnlockCommand')).toEqual({});
  await station.status('Available');
  await connectorShows('TC-018-1', 'Available');
  expect(await transactions('TC-018-1')).toMatchObject([{ id: String(transactionId), open: false, stopReason: 'UnlockCommand' }]);
});

invariantsHold();
