import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Payload } from '@ohmnibus/simulator';
import { eventually } from '@ohmnibus/testkit';
import { createHash, randomBytes } from 'node:crypto';
import { operator, system, useSystem } from '../../running.js';
import { apiKey } from '../../system.js';
import { ChargePoint } from './charge-point.js';

const id = 'TC-MAINTENANCE';
const image = randomBytes(200_000);
/** The central system does not look into them: the station does. */
const signed = { signingCertificate: '-----BEGIN CERTIFICATE-----\nTUlJ\n-----END CERTIFICATE-----', signature: randomBytes(64).toString('base64') };
let point: ChargePoint;

afterAll(async () => {
  await point?.close();
});
useSystem({ only: ['session', 'transaction', 'command', 'api', 'gateway-1'] });
beforeAll(async () => {
  await operator.knows(id);
  point = await ChargePoint.boot(system.ocppUrl('gateway-1'), id);
  point.answers('UpdateFirmware', {});
  point.answers('SignedUpdateFirmware', { status: 'Accepted' });
  const put = await fetch(`${system.apiUrl}/api/v1/firmware/tc-2.0.bin`, { method: 'PUT', headers: { authorization: `Bearer ${apiKey}` }, body: image });
  expect(put.status).toBe(201);
});

interface Job extends Payload {
  readonly id: string;
  readonly reports: { readonly status: string }[];
}

async function ordered(kind: 'firmware-updates' | 'log-uploads', body: object): Promise<() => Promise<Job>> {
  const { body: outcome } = await system.rest<Payload>('POST', `/stations/${id}/${kind}`, body);
  expect(outcome).toMatchObject({ state: 'accepted' });
  return async () => (await system.rest<Job>('GET', `/${kind}/${String(outcome['id'])}`)).body;
}
const history = ({ reports }: Job) => reports.map(({ status }) => status).toReversed();
const fetched = async (location: unknown) => Buffer.from(await (await fetch(String(location))).arrayBuffer());

/** Each is answered, with nothing. */
async function tells(action: string, statuses: readonly string[], requestId?: unknown): Promise<void> {
  for (const status of statuses) expect(await point.call(action, { status, ...(requestId !== undefined && { requestId }) })).toEqual({});
}
async function connectors(status: string): Promise<void> {
  for (const connectorId of [0, 1]) expect(await point.status(connectorId, status)).toEqual({});
  expect(await operator.rows('SELECT evse, reported FROM connector WHERE station = $1 ORDER BY evse', id)).toEqual([0, 1].map((evse) => ({ evse, reported: status })));
}
/** Answered, kept, and told to those who listen. */
async function securityEvent(type: string, critical: boolean): Promise<void> {
  const timestamp = new Date().toISOString();
  expect(await point.call('SecurityEventNotification', { type, timestamp })).toEqual({});
  expect(await operator.rows('SELECT reported, critical, at FROM security_event WHERE station = $1 AND type = $2', id, type)).toEqual([{ reported: type, critical, at: new Date(timestamp) }]);
  const told = await eventually('the event is on the stream', async () => {
    const event = await operator.lastEvent('station.security-event', id);
    return event?.body['type'] === type && event;
  });
  expect(told.body).toMatchObject({ type, critical });
}
const boots = () => point.call('BootNotification', { chargePointVendor: 'Cert', chargePointModel: 'CP16', firmwareVersion: 'tc-2.0' });
const asked = (action: string) => point.received(action).at(-1)!;

test('TC_044_1 Firmware Update - Download and Install', async () => {
  const job = await ordered('firmware-updates', { image: 'tc-2.0.bin' });
  const { location, retrieveDate } = asked('UpdateFirmware');
  expect(Math.abs(Date.parse(String(retrieveDate)) - Date.now())).toBeLessThan(10_000);
  await tells('FirmwareStatusNotification', ['Downloading']);
  expect((await fetched(location)).equals(image)).toBe(true);
  await tells('FirmwareStatusNotification', ['Downloaded']);
  await connectors('Unavailable');
  await tells('FirmwareStatusNotification', ['Installing']);
  expect(await boots()).toMatchObject({ status: 'Accepted' });
  await connectors('Available');
  await tells('FirmwareStatusNotification', ['Installed']);
  const done = await job();
  expect(done).toMatchObject({ state: 'succeeded', status: 'Installed', image: 'tc-2.0.bin', signed: false, requestId: null, endedAt: expect.any(String) });
  expect(history(done)).toEqual(['Downloading', 'Downloaded', 'Installing', 'Installed']);
  expect((await system.rest('GET', `/stations/${id}`)).body).toMatchObject({ firmwareVersion: 'tc-2.0' });
});

test('TC_044_2 Firmware Update - Download failed', async () => {
  const location = 'http://127.0.0.1:1/not-there.bin';
  const job = await ordered('firmware-updates', { location, retries: 1, retryIntervalSeconds: 1 });
  expect(asked('UpdateFirmware')).toMatchObject({ location, retries: 1, retryInterval: 1 });
  await tells('FirmwareStatusNotification', ['Downloading', 'DownloadFailed']);
  const done = await job();
  expect([done['state'], history(done)]).toEqual(['failed', ['Downloading', 'DownloadFailed']]);
});

test('TC_044_3 Firmware Update - Installation failed', async () => {
  const job = await ordered('firmware-updates', { image: 'tc-2.0.bin' });
  expect(asked('UpdateFirmware')).toEqual({ location: expect.stringMatching(/\/tc-2\.0\.bin$/), retrieveDate: expect.any(String) });
  await tells('FirmwareStatusNotification', ['Downloading', 'Downloaded']);
  await connectors('Unavailable');
  await tells('FirmwareStatusNotification', ['Installing']);
  expect(await boots()).toMatchObject({ status: 'Accepted' });
  await connectors('Available');
  await tells('FirmwareStatusNotification', ['InstallationFailed']);
  const done = await job();
  expect([done['state'], history(done)]).toEqual(['failed', ['Downloading', 'Downloaded', 'Installing', 'InstallationFailed']]);
});

test('TC_045_1 Get Diagnostics', async () => {
  point.answers('GetDiagnostics', { fileName: 'diagnostics.zip' });
  const job = await ordered('log-uploads', { from: '2026-01-01T00:00:00Z', to: '2026-02-01T00:00:00Z' });
  const { location } = asked('GetDiagnostics');
  expect(asked('GetDiagnostics')).toEqual({ location, startTime: '2026-01-01T00:00:00.000Z', stopTime: '2026-02-01T00:00:00.000Z' });
  await tells('DiagnosticsStatusNotification', ['Uploading']);
  const content = randomBytes(100_000);
  expect((await fetch(`${String(location)}diagnostics.zip`, { method: 'PUT', body: content })).status).toBe(200);
  await tells('DiagnosticsStatusNotification', ['Uploaded']);
  const done = await job();
  const sha256 = createHash('sha256').update(content).digest('hex');
  expect(done).toMatchObject({ state: 'succeeded', status: 'Uploaded', fileName: 'diagnostics.zip', files: [{ name: 'diagnostics.zip', size: 100_000, sha256 }] });
  expect(history(done)).toEqual(['Uploading', 'Uploaded']);
  const read = await fetch(`${system.apiUrl}/api/v1/log-uploads/${done.id}/file`, { headers: { authorization: `Bearer ${apiKey}` } });
  expect(Buffer.from(await read.arrayBuffer()).equals(content)).toBe(true);
});

test('TC_045_2 Get Diagnostics - Upload failed', async () => {
  point.answers('GetDiagnostics', { fileName: 'diagnostics.zip' });
  const location = 'ftp://127.0.0.1:1/not-there/';
  const job = await ordered('log-uploads', { location, retries: 0 });
  expect(asked('GetDiagnostics')).toMatchObject({ location, retries: 0 });
  await tells('DiagnosticsStatusNotification', ['Uploading', 'UploadFailed']);
  const done = await job();
  expect(done).toMatchObject({ state: 'failed', status: 'UploadFailure', files: [] });
  expect(history(done)).toEqual(['Uploading', 'UploadFailure']);
});

test('TC_079 Get Security Log', async () => {
  point.answers('GetLog', { status: 'Accepted', filename: 'security.log' });
  const job = await ordered('log-uploads', { log: 'security' });
  const { logType, requestId, log } = asked('GetLog') as Payload & { log: Payload };
  expect([logType, Number.isInteger(requestId)]).toEqual(['SecurityLog', true]);
  await tells('LogStatusNotification', ['Uploading'], requestId);
  expect((await fetch(String(log['remoteLocation']), { method: 'PUT', body: 'who came and went' })).status).toBe(200);
  await tells('LogStatusNotification', ['Uploaded'], requestId);
  const done = await job();
  expect(done).toMatchObject({ state: 'succeeded', log: 'security', requestId, answer: 'Accepted', files: [{ size: 17 }] });
  expect(history(done)).toEqual(['Uploading', 'Uploaded']);
});

test('TC_080 Secure Firmware Update', async () => {
  const job = await ordered('firmware-updates', { image: 'tc-2.0.bin', ...signed });
  const { requestId, firmware } = asked('SignedUpdateFirmware') as Payload & { firmware: Payload };
  expect(firmware).toMatchObject({ ...signed, location: expect.stringMatching(/\/tc-2\.0\.bin$/), retrieveDateTime: expect.any(String) });
  await tells('SignedFirmwareStatusNotification', ['Downloading'], requestId);
  expect((await fetched(firmware['location'])).equals(image)).toBe(true);
  await tells('SignedFirmwareStatusNotification', ['Downloaded', 'SignatureVerified'], requestId);
  await connectors('Unavailable');
  await tells('SignedFirmwareStatusNotification', ['Installing', 'InstallRebooting'], requestId);
  expect(await boots()).toMatchObject({ status: 'Accepted' });
  await securityEvent('FirmwareUpdated', true);
  await connectors('Available');
  await tells('SignedFirmwareStatusNotification', ['Installed'], requestId);
  const done = await job();
  expect(done).toMatchObject({ state: 'succeeded', status: 'Installed', signed: true, requestId });
  expect(history(done)).toEqual(['Downloading', 'Downloaded', 'SignatureVerified', 'Installing', 'InstallRebooting', 'Installed']);
});

test('TC_081 Secure Firmware Update - Invalid Signature', async () => {
  const job = await ordered('firmware-updates', { image: 'tc-2.0.bin', ...signed });
  const { requestId } = asked('SignedUpdateFirmware');
  expect(asked('SignedUpdateFirmware')).toMatchObject({ requestId: expect.any(Number), firmware: signed });
  await tells('SignedFirmwareStatusNotification', ['Downloading', 'Downloaded', 'InvalidSignature'], requestId);
  await securityEvent('InvalidFirmwareSignature', false);
  const done = await job();
  expect(done).toMatchObject({ state: 'failed', status: 'InvalidSignature', requestId });
  expect(history(done)).toEqual(['Downloading', 'Downloaded', 'InvalidSignature']);
});

test('and none of it is a defect, and every report is about a job', async () => {
  expect(await operator.rows('SELECT status FROM maintenance_report WHERE station = $1 AND job IS NULL', id)).toEqual([]);
  expect(system.defects()).toEqual([]);
});
