import { createPrivateKey, X509Certificate } from 'node:crypto';
import { expect, test } from '@jest/globals';
import { certificateHash, createRootAuthority, makeRequest, readCertificate } from '@ohmnibus/pki';
import { eventually } from '@ohmnibus/testkit';
import { RawSocket } from '../../raw-socket.js';
import { operator, system, useSystem } from '../../running.js';
import { apiKey } from '../../system.js';

let made = 0;

useSystem();

interface Station {
  readonly id: string;
  readonly socket: RawSocket;
}

async function bootedStation(): Promise<Station> {
  const id = `CP-CERT-${++made}`;
  await operator.knows(id);
  const socket = await RawSocket.open(`${system.ocppUrls[made % 2]!}/${id}`);
  const boot = { chargePointVendor: 'Voltwerk', chargePointModel: 'V2', chargePointSerialNumber: `SN-${made}` };
  expect(await socket.call('BootNotification', boot)).toMatchObject([3, expect.any(String), { status: 'Accepted' }]);
  return { id, socket };
}

/** Waits for a CALL of the CSMS that was not answered yet, answers it, and tells what it said. */
async function answers({ socket }: Station, action: string, reply: object): Promise<Record<string, unknown>> {
  const answered = new Set(socket.frames.flatMap(({ direction, text }) => (direction === 'sent' && text.startsWith('[3') ? [(JSON.parse(text) as [number, string])[1]] : [])));
  const call = await eventually(`the CSMS sends ${action}`, () => socket.calls(action).find(([, id]) => !answered.has(id as string)), { timeoutMs: 20_000 });
  socket.send(JSON.stringify([3, call[1], reply]));
  return call[3] as Record<string, unknown>;
}

async function rest(method: string, path: string, body?: object): Promise<{ status: number; body: Record<string, unknown> }> {
  const response = await fetch(`${system.apiUrl}/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${apiKey}`, ...(body && { 'content-type': 'application/json' }) },
    ...(body && { body: JSON.stringify(body) }),
  });
  return { status: response.status, body: (await response.json()) as Record<string, unknown> };
}
const items = async (path: string) => (await rest('GET', path)).body['items'] as Record<string, unknown>[];

/** ExtendedTriggerMessage, SignCertificate: what TC_074 and TC_077 begin with. The station's private key is what is returned. */
async function asksForCertificate(station: Station): Promise<string> {
  const triggered = rest('POST', `/stations/${station.id}/certificates/renew`);
  expect(await answers(station, 'ExtendedTriggerMessage', { status: 'Accepted' })).toEqual({ requestedMessage: 'SignChargePointCertificate' });
  expect((await triggered).body).toMatchObject({ state: 'accepted' });
  const { request, privateKey } = await makeRequest({ commonName: station.id });
  const [type, , reply] = await station.socket.call('SignCertificate', { csr: request });
  expect([type, reply]).toEqual([3, { status: 'Accepted' }]);
  return privateKey;
}

const requestBecomes = (station: Station, state: string) =>
  eventually(`the request is ${state}`, async () => (await items(`/certificate-requests?station=${station.id}&state=${state}`))[0], { timeoutMs: 20_000 });

test('TC_074 the certificate of a charge point is updated', async () => {
  const station = await bootedStation();
  const privateKey = await asksForCertificate(station);
  const { certificateChain, ...others } = await answers(station, 'CertificateSigned', { status: 'Accepted' });
  expect(others).toEqual({});
  const certificate = new X509Certificate(certificateChain as string);
  const [authority] = await items('/certificate-authorities?purpose=Station');
  expect(certificate.checkPrivateKey(createPrivateKey(privateKey))).toBe(true);
  expect(certificate.verify(new X509Certificate(authority!['certificate'] as string).publicKey)).toBe(true);
  expect(readCertificate(certificateChain as string).commonName).toBe(station.id);
  expect(authority).toMatchObject({ signs: true });

  const request = await requestBecomes(station, 'accepted');
  expect(request).toMatchObject({ certificate: certificateChain, attempts: 1, commonName: station.id });
  expect(await items(`/stations/${station.id}/certificates`)).toMatchObject([{ type: 'ChargingStationCertificate', certificate: certificateChain, request: request['id'] }]);
  await station.socket.close();
});

test.each([
  ['TC_075_1 a manufacturer root is installed', 'ManufacturerRootCertificate', 'ManufacturerRootCertificate'],
  ['TC_075_2 a central system root is installed', 'CSMSRootCertificate', 'CentralSystemRootCertificate'],
])('%s', async (_title, type, certificateType) => {
  const station = await bootedStation();
  const { certificate } = await createRootAuthority({ name: type, keyType: 'ecdsa-p256', days: 10, now: new Date() });
  const hash = await certificateHash(certificate);
  const installing = rest('POST', `/stations/${station.id}/certificates`, { type, certificate });
  expect(await answers(station, 'InstallCertificate', { status: 'Accepted' })).toEqual({ certificateType, certificate });
  expect((await installing).body).toMatchObject({ state: 'accepted' });
  expect(await items(`/stations/${station.id}/certificates`)).toMatchObject([{ type, certificate, hash }]);

  const refreshing = rest('POST', `/stations/${station.id}/certificates/refresh`, { types: [type] });
  expect(await answers(station, 'GetInstalledCertificateIds', { status: 'Accepted', certificateHashData: [hash] })).toEqual({ certificateType });
  expect((await refreshing).body).toMatchObject({ state: 'accepted', uses: [{ use: type, status: 'Accepted' }] });
  expect(await items(`/stations/${station.id}/certificates`)).toMatchObject([{ type, certificate, hash }]);
  await station.socket.close();
});

test('TC_076 a certificate is deleted', async () => {
  const station = await bootedStation();
  const { certificate } = await createRootAuthority({ name: 'To be deleted', keyType: 'ecdsa-p256', days: 10, now: new Date() });
  const hash = await certificateHash(certificate);
  const spelled = { ...hash, issuerNameHash: hash.issuerNameHash.toUpperCase() };
  const refreshing = rest('POST', `/stations/${station.id}/certificates/refresh`, {});
  await answers(station, 'GetInstalledCertificateIds', { status: 'Accepted', certificateHashData: [spelled] });
  await answers(station, 'GetInstalledCertificateIds', { status: 'NotFound' });
  expect((await refreshing).body).toMatchObject({ state: 'accepted' });
  const [known] = await items(`/stations/${station.id}/certificates`);
  expect(known).toMatchObject({ hash: spelled });

  const deleting = rest('DELETE', `/stations/${station.id}/certificates/${known!['id'] as string}`);
  expect(await answers(station, 'DeleteCertificate', { status: 'Accepted' })).toEqual({ certificateHashData: spelled });
  expect((await deleting).body).toMatchObject({ state: 'accepted' });
  expect(await items(`/stations/${station.id}/certificates`)).toEqual([]);
  await station.socket.close();
});

const reports = (station: Station, type: string, techInfo?: string) => station.socket.call('SecurityEventNotification', { type, timestamp: new Date().toISOString(), techInfo });

test('TC_077 a charge point that was given an invalid certificate says so', async () => {
  const station = await bootedStation();
  const privateKey = await asksForCertificate(station);
  const { certificateChain } = await answers(station, 'CertificateSigned', { status: 'Rejected' });
  expect(new X509Certificate(certificateChain as string).checkPrivateKey(createPrivateKey(privateKey))).toBe(true);
  expect(await reports(station, 'InvalidChargePointCertificate', 'unknown issuer')).toEqual([3, expect.any(String), {}]);
  expect(await requestBecomes(station, 'rejected')).toMatchObject({ reason: 'the station does not take the certificate' });
  expect(await items(`/stations/${station.id}/certificates`)).toEqual([]);
  expect(await items(`/stations/${station.id}/security-events`)).toMatchObject([
    { type: 'InvalidChargingStationCertificate', reported: 'InvalidChargePointCertificate', critical: false, info: 'unknown issuer' },
  ]);
  await station.socket.close();
});

test('TC_078 a charge point that was given an invalid central system certificate says so', async () => {
  const station = await bootedStation();
  const { certificate } = await createRootAuthority({ name: 'Not trusted', keyType: 'ecdsa-p256', days: 10, now: new Date() });
  const installing = rest('POST', `/stations/${station.id}/certificates`, { type: 'CSMSRootCertificate', certificate });
  expect(await answers(station, 'InstallCertificate', { status: 'Rejected' })).toEqual({ certificateType: 'CentralSystemRootCertificate', certificate });
  expect((await installing).body).toMatchObject({ state: 'rejected', result: { payload: { status: 'Rejected' } } });
  expect(await reports(station, 'InvalidCentralSystemCertificate')).toEqual([3, expect.any(String), {}]);
  expect(await items(`/stations/${station.id}/certificates`)).toEqual([]);
  for (const type of ['InvalidCsmsCertificate', 'InvalidCentralSystemCertificate']) {
    expect(await items(`/security-events?station=${station.id}&type=${type}&critical=false`)).toHaveLength(1);
  }
  expect(await items(`/security-events?station=${station.id}&critical=true`)).toEqual([]);
  await station.socket.close();
});

test('a certificate reaches a station that was away, after the services that sign and send were killed', async () => {
  const station = await bootedStation();
  const { request } = await makeRequest({ commonName: station.id });
  expect(await station.socket.call('SignCertificate', { csr: request })).toMatchObject([3, expect.any(String), { status: 'Accepted' }]);
  station.socket.terminate();
  for (const name of ['session', 'command'] as const) {
    system.service(name).kill('SIGKILL');
    await system.service(name).exited;
  }
  await Promise.all((['session', 'command'] as const).map((name) => system.startService(name)));
  const back: Station = { id: station.id, socket: await RawSocket.open(`${system.ocppUrls[0]}/${station.id}`) };
  expect(Object.keys(await answers(back, 'CertificateSigned', { status: 'Accepted' }))).toEqual(['certificateChain']);
  expect(await requestBecomes(back, 'accepted')).toMatchObject({ commonName: station.id });
  await back.socket.close();
});
