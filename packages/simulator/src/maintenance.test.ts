import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { constants, generateKeyPairSync, sign } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createStation } from './station.js';
import type { SimulatedStation } from './station.js';
import { certificateFor } from './test-support/certificate-for.js';
import { eventually } from './test-support/eventually.js';
import { ManualClock } from './test-support/manual-clock.js';
import { TestCsms } from './test-support/test-csms.js';

let csms: TestCsms;
let clock: ManualClock;
let station: SimulatedStation;
let server: Server;
let url: string;
/** What the file server was asked for, as `METHOD path: body`. */
let asked: string[];
let answer: (request: IncomingMessage, response: ServerResponse) => void;

const image = Buffer.from('new firmware'.repeat(1000));

beforeEach(async () => {
  asked = [];
  answer = (request, response) => void response.end(request.method === 'GET' ? image : undefined);
  server = createServer((request, response) => {
    void request.toArray().then((chunks: Buffer[]) => {
      asked.push(`${request.method} ${request.url}: ${Buffer.concat(chunks).toString()}`);
      answer(request, response);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  csms = await TestCsms.listen();
  clock = new ManualClock();
  station = createStation({ url: csms.url, id: 'CP-16', protocol: 'ocpp1.6', clock, random: () => 0.5, restartMs: 500 });
  await station.connect();
  await csms.received('StatusNotification', 2);
});

afterEach(async () => {
  await station.disconnect();
  await csms.close();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const told = (action: string) => csms.of(action).map(({ payload }) => payload['status']);
const tells = (action: string, status: string) => eventually(`${action} ${status}`, () => told(action).includes(status));
const retrieveDate = '2025-01-01T00:00:00Z';

describe('a log of a 1.6 station', () => {
  test('is put into the folder that GetDiagnostics names, under the announced name', async () => {
    const [, , { fileName }] = (await csms.call('GetDiagnostics', { location: `${url}/in/` })) as [number, string, { fileName: string }];
    await tells('DiagnosticsStatusNotification', 'Uploaded');
    expect(told('DiagnosticsStatusNotification')).toEqual(['Uploading', 'Uploaded']);
    expect(asked).toEqual([expect.stringMatching(new RegExp(`^PUT /in/${fileName}: .*diagnostics log of CP-16\nfirmware 1.0.0\nEVSE 1 Available\n$`))]);
  });

  test('is put to the very address that GetLog names, and told with its request id', async () => {
    expect(await csms.call('GetLog', { logType: 'SecurityLog', requestId: 7, log: { remoteLocation: `${url}/security.log` } })).toMatchObject([3, expect.anything(), { status: 'Accepted' }]);
    await tells('LogStatusNotification', 'Uploaded');
    expect(csms.of('LogStatusNotification').map(({ payload }) => payload)).toEqual([
      { status: 'Uploading', requestId: 7 },
      { status: 'Uploaded', requestId: 7 },
    ]);
    expect(asked).toEqual([expect.stringMatching(/^PUT \/security\.log: .*security log of CP-16/)]);
  });

  test('is tried again as often as asked, and then given up', async () => {
    answer = (_request, response) => void response.writeHead(500).end();
    await csms.call('GetDiagnostics', { location: `${url}/`, retries: 2, retryInterval: 60 });
    for (let attempt = 1; attempt <= 2; attempt += 1) {
      await eventually(`the pause after attempt ${attempt}`, () => asked.length === attempt && clock.pending.includes(60_000));
      clock.advance(60_000);
    }
    await tells('DiagnosticsStatusNotification', 'UploadFailed');
    expect(asked).toHaveLength(3);
  });

  test.each([
    ['refuses it', () => `${url}/`, 'PermissionDenied'],
    ['does not speak HTTP', () => 'ftp://127.0.0.1/', 'NotSupportedOperation'],
  ])('that a server %s is told so', async (_what, remoteLocation, status) => {
    answer = (_request, response) => void response.writeHead(403).end();
    await csms.call('GetLog', { logType: 'SecurityLog', requestId: 7, log: { remoteLocation: remoteLocation() } });
    await tells('LogStatusNotification', status);
    expect(told('LogStatusNotification')).toEqual(['Uploading', status]);
  });

  test('gives way to a newer order', async () => {
    answer = () => undefined;
    await csms.call('GetLog', { logType: 'SecurityLog', requestId: 7, log: { remoteLocation: `${url}/never` } });
    await eventually('the first upload', () => asked.length === 1);
    answer = (_request, response) => void response.end();
    const again = await csms.call('GetLog', { logType: 'SecurityLog', requestId: 8, log: { remoteLocation: `${url}/now` } });
    expect(again[2]).toMatchObject({ status: 'AcceptedCanceled' });
    await tells('LogStatusNotification', 'Uploaded');
    expect(csms.of('LogStatusNotification').map(({ payload }) => payload['requestId'])).toEqual([7, 8, 8]);
  });
});

describe('the firmware of a 1.6 station', () => {
  test('is fetched, installed and booted into', async () => {
    await csms.call('UpdateFirmware', { location: `${url}/get/wallbox-2.1.bin`, retrieveDate });
    await tells('FirmwareStatusNotification', 'Installing');
    await eventually('the installation', () => clock.pending.includes(500));
    clock.advance(500);
    await eventually('the restart', () => !station.connected && clock.pending.includes(500));
    clock.advance(500);
    await tells('FirmwareStatusNotification', 'Installed');
    expect(told('FirmwareStatusNotification')).toEqual(['Downloading', 'Downloaded', 'Installing', 'Installed']);
    expect(asked).toEqual(['GET /get/wallbox-2.1.bin: ']);
    expect(csms.of('BootNotification').at(-1)?.payload).toMatchObject({ firmwareVersion: 'wallbox-2.1' });
    expect(csms.actions.lastIndexOf('BootNotification')).toBeLessThan(csms.actions.lastIndexOf('FirmwareStatusNotification'));
  });

  test('is fetched when it is time to', async () => {
    await csms.call('UpdateFirmware', { location: `${url}/x`, retrieveDate: '2025-01-01T01:00:00Z' });
    await eventually('the wait', () => clock.pending.includes(3_600_000));
    expect(asked).toEqual([]);
    clock.advance(3_600_000);
    await tells('FirmwareStatusNotification', 'Downloaded');
  });

  test('that is not there is a download failed', async () => {
    answer = (_request, response) => void response.writeHead(404).end();
    await csms.call('UpdateFirmware', { location: `${url}/x`, retrieveDate });
    await tells('FirmwareStatusNotification', 'DownloadFailed');
    expect(told('FirmwareStatusNotification')).toEqual(['Downloading', 'DownloadFailed']);
  });

  test('is told of when asked for', async () => {
    await csms.call('TriggerMessage', { requestedMessage: 'FirmwareStatusNotification' });
    await csms.call('TriggerMessage', { requestedMessage: 'DiagnosticsStatusNotification' });
    await csms.call('ExtendedTriggerMessage', { requestedMessage: 'FirmwareStatusNotification' });
    await csms.call('ExtendedTriggerMessage', { requestedMessage: 'LogStatusNotification' });
    await csms.received('LogStatusNotification');
    const actions = ['FirmwareStatusNotification', 'DiagnosticsStatusNotification', 'SignedFirmwareStatusNotification', 'LogStatusNotification'];
    expect(actions.map(told)).toEqual([['Idle'], ['Idle'], ['Idle'], ['Idle']]);
  });
});

describe('signed firmware', () => {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  const pss = { key: rsa.privateKey, padding: constants.RSA_PKCS1_PSS_PADDING };
  const order = (signingCertificate: string, signature: Buffer) => ({
    requestId: 7,
    firmware: { location: `${url}/v2.bin`, retrieveDateTime: retrieveDate, signingCertificate, signature: signature.toString('base64') },
  });

  test.each([
    ['RSA', () => [certificateFor(rsa), sign('sha256', image, pss)] as const],
    ['ECDSA', () => [certificateFor(ec), sign('sha256', image, ec.privateKey)] as const],
  ])('by %s is checked, installed and booted into', async (_kind, by) => {
    const [certificate, signature] = by();
    expect((await csms.call('SignedUpdateFirmware', order(certificate, signature)))[2]).toEqual({ status: 'Accepted' });
    await tells('SignedFirmwareStatusNotification', 'Installing');
    await eventually('the installation', () => clock.pending.includes(500));
    clock.advance(500);
    await eventually('the restart', () => !station.connected && clock.pending.includes(500));
    clock.advance(500);
    await tells('SignedFirmwareStatusNotification', 'Installed');
    expect(csms.of('SignedFirmwareStatusNotification').map(({ payload }) => [payload['status'], payload['requestId']])).toEqual(
      ['Downloading', 'Downloaded', 'SignatureVerified', 'Installing', 'InstallRebooting', 'Installed'].map((status) => [status, 7]),
    );
  });

  test('by somebody else is not installed', async () => {
    await csms.call('SignedUpdateFirmware', order(certificateFor(ec), sign('sha256', Buffer.from('other firmware'), ec.privateKey)));
    await tells('SignedFirmwareStatusNotification', 'InvalidSignature');
    expect(told('SignedFirmwareStatusNotification')).toEqual(['Downloading', 'Downloaded', 'InvalidSignature']);
  });

  test.each([
    ['is none', () => 'no certificate'],
    ['has expired', () => certificateFor(ec, new Date('2024-12-31T00:00:00Z'))],
  ])('with a certificate that %s is refused', async (_what, certificate) => {
    expect((await csms.call('SignedUpdateFirmware', order(certificate(), Buffer.from('x'))))[2]).toEqual({ status: 'InvalidCertificate' });
    expect(asked).toEqual([]);
  });
});
