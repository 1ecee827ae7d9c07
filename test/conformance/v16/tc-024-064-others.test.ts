import { expect, test } from '@jest/globals';
import { eventually } from '@ohmnibus/testkit';
import { belatedTables } from '../../operator.js';
import { bootedStation, connectorShows, driver, invariantsHold, operator, system, transactions, useCentralSystem } from './certification.js';

useCentralSystem();

test('TC_024 Start of a session, the connector’s lock fails', async () => {
  const station = await bootedStation('TC-024');
  await station.status('Preparing');
  expect(await station.authorize(driver)).toBe('Accepted');
  await station.status('Faulted', { errorCode: 'ConnectorLockFailure', info: 'the bolt is stuck', vendorId: 'Tester', vendorErrorCode: 'E7' });
  await connectorShows('TC-024', 'Faulted', { status: 'Faulted', errorCode: 'ConnectorLockFailure', info: 'the bolt is stuck', vendorId: 'Tester', vendorErrorCode: 'E7' });
  expect((await system.rest<{ items: { id: string }[] }>('GET', '/stations?status=Faulted')).body.items.map(({ id }) => id)).toEqual(['TC-024']);
  const { body } = await system.rest<{ items: { reported: string; errorCode: string }[] }>('GET', '/stations/TC-024/statuses');
  expect(body.items[0]).toMatchObject({ reported: 'Faulted', errorCode: 'ConnectorLockFailure' });
  expect(await transactions('TC-024')).toEqual([]);
});

test('TC_064 Data transfer to the central system', async () => {
  const station = await bootedStation('TC-064');
  const kept = () => operator.rowCounts(...belatedTables, 'status_report');
  const before = await kept();
  expect(await station.call('DataTransfer', { vendorId: 'com.example.unknown', messageId: 'M1', data: '{"a":1}' })).toEqual({ status: 'UnknownVendorId' });
  expect(await station.call('DataTransfer', { vendorId: 'com.example.unknown' })).toEqual({ status: 'UnknownVendorId' });
  // The station goes on as before, and nothing of it is kept but what was said.
  expect(await kept()).toEqual(before);
  await eventually('what was said is kept', async () => (await operator.loggedText('TC-064')).includes('com.example.unknown'));
  expect(await station.authorize(driver)).toBe('Accepted');
});

invariantsHold();
