import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect, type ConnectionOptions } from 'node:tls';
import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import type { AdmissionRequest } from '@ohmnibus/contracts';
import { eventually, freePort, TestAuthority, type KeyedCertificate } from '@ohmnibus/testkit';
import type { Pod } from './pod.js';
import { PodFixture, ThinStation } from './pod-fixture.js';

let pods: PodFixture;
let authority: TestAuthority;
let folder: string;
let ecdsa: KeyedCertificate;
let rsa: KeyedCertificate;
let running: Pod | undefined;

beforeAll(async () => {
  pods = await PodFixture.open();
  authority = await TestAuthority.create('Server root');
  [ecdsa, rsa] = await Promise.all([
    authority.issue({ commonName: 'ecdsa', use: 'server', key: 'ecdsa' }),
    authority.issue({ commonName: 'rsa', use: 'server', key: 'rsa' }),
  ]);
  folder = mkdtempSync(join(tmpdir(), 'ohmnibus-tls-'));
});
afterEach(async () => {
  if (running) await pods.stop(running);
  running = undefined;
});
afterAll(async () => {
  await pods.close();
  rmSync(folder, { recursive: true, force: true });
});

const files = () => ({ TLS_CERTIFICATE_FILE: join(folder, 'server.pem'), TLS_KEY_FILE: join(folder, 'server.key') });

function install({ certificate, key }: KeyedCertificate): void {
  writeFileSync(files().TLS_CERTIFICATE_FILE, certificate);
  writeFileSync(files().TLS_KEY_FILE, key);
}

async function start(certificate: KeyedCertificate, env: Record<string, string> = {}) {
  install(certificate);
  const port = await freePort();
  const started = await pods.start({ ...files(), TLS_PORT: String(port), TLS_RELOAD_SECONDS: '1', ...env });
  running = started.pod;
  return { ...started, port, tlsUrl: `wss://127.0.0.1:${port}/ocpp` };
}

/** What TLS agrees on: the server's name, the version and the cipher suite; or the error. */
function handshake(port: number, options: ConnectionOptions = {}): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', ca: authority.certificate, ...options }, () => {
      resolve(`${String(socket.getPeerCertificate().subject.CN)} ${String(socket.getProtocol())} ${socket.getCipher().standardName}`);
      socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

test.each([
  ['ecdsa', 'ECDHE-ECDSA-AES128-GCM-SHA256', 'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256'],
  ['ecdsa', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384'],
  ['rsa', 'AES128-GCM-SHA256', 'TLS_RSA_WITH_AES_128_GCM_SHA256'],
  ['rsa', 'AES256-GCM-SHA384', 'TLS_RSA_WITH_AES_256_GCM_SHA384'],
])('with an %s certificate %s is served', async (key, cipher, name) => {
  const { port } = await start(key === 'rsa' ? rsa : ecdsa);
  expect(await handshake(port, { ciphers: cipher, maxVersion: 'TLSv1.2' })).toBe(`${key} TLSv1.2 ${name}`);
});

test('TLS 1.3 is spoken, 1.1 and ciphers without AEAD are not', async () => {
  const { port } = await start(ecdsa);
  expect(await handshake(port)).toMatch(/^ecdsa TLSv1.3 /);
  expect(await handshake(port, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
  expect(await handshake(port, { maxVersion: 'TLSv1.2', ciphers: 'ECDHE-ECDSA-AES128-SHA' })).toMatch(/ALERT_HANDSHAKE_FAILURE$/);
});

test('a station that comes over TLS is admitted as such, and one beside it over none is not', async () => {
  const { url, tlsUrl } = await start(ecdsa);
  const asked: AdmissionRequest[] = [];
  pods.services.admit = (request) => {
    asked.push(request);
    return { verdict: 'admitted' };
  };
  const [secure, plain] = [await ThinStation.connect(`${tlsUrl}/secure`, 'ocpp1.6', { ca: authority.certificate }), await ThinStation.connect(`${url}/plain`)];
  expect(asked).toMatchObject([{ station: 'secure', secure: true }, { station: 'plain', secure: false }]);
  for (const station of [secure, plain]) {
    expect(await station.call('m-1', 'StatusNotification')).toEqual([3, 'm-1', { served: 'StatusNotification' }]);
    await station.close();
  }
});

test('what was remembered of an admission over TLS does not count without', async () => {
  const { url, tlsUrl } = await start(ecdsa, { ADMISSION_CACHE_SECONDS: '60' });
  pods.services.admit = ({ secure }) => (secure ? { verdict: 'admitted' } : { verdict: 'forbidden', reason: 'TLS is asked for' });
  for (let i = 0; i < 2; i++) await (await ThinStation.connect(`${tlsUrl}/CS`, 'ocpp1.6', { ca: authority.certificate })).close();
  expect(await ThinStation.refusal(`${url}/CS`)).toMatchObject({ status: 403, body: 'TLS is asked for\n' });
  await (await ThinStation.connect(`${tlsUrl}/CS`, 'ocpp1.6', { ca: authority.certificate })).close();
});

test('a client certificate in a header is refused with 403, of a trusted proxy it is passed on', async () => {
  const stranger = await start(ecdsa);
  const der = Buffer.from('a certificate');
  const headers = { 'x-client-cert': der.toString('base64'), 'x-client-cert-verify': 'SUCCESS', 'x-forwarded-proto': 'https', 'x-forwarded-for': '198.51.100.7' };
  expect(await ThinStation.refusal(`${stranger.url}/CS`, 'ocpp1.6', { headers })).toMatchObject({ status: 403, body: expect.stringContaining('trusted proxies only') });
  const proxied = await pods.start({ TRUSTED_PROXIES: '10.0.0.0/8, 127.0.0.1' });
  let asked: AdmissionRequest | undefined;
  pods.services.admit = (request) => {
    asked = request;
    return { verdict: 'admitted' };
  };
  const station = await ThinStation.connect(`${proxied.url}/CS`, 'ocpp1.6', { headers });
  expect(asked).toMatchObject({ secure: true, certificate: { der, verdict: 'SUCCESS' } });
  expect((await pods.owned('CS')).remoteAddress).toBe('198.51.100.7');
  await station.close();
  await pods.stop(proxied.pod);
});

test('a renewed certificate is served without a restart, and open sockets stay open', async () => {
  const { pod, port, tlsUrl } = await start(rsa);
  pods.services.admit = () => ({ verdict: 'admitted' });
  const station = await ThinStation.connect(`${tlsUrl}/CS`, 'ocpp1.6', { ca: authority.certificate });
  install(ecdsa);
  await eventually('the renewed certificate is noticed', async () => (await handshake(port)).startsWith('ecdsa '));
  expect(await Promise.all(Array.from({ length: 8 }, () => handshake(port)))).toEqual(Array.from({ length: 8 }, () => expect.stringMatching(/^ecdsa /)));
  install(rsa);
  await pod.reloadCertificate();
  expect(await handshake(port)).toMatch(/^rsa /);
  expect(await station.call('m-1', 'StatusNotification')).toEqual([3, 'm-1', { served: 'StatusNotification' }]);
  const newer = await ThinStation.connect(`${tlsUrl}/CS-2`, 'ocpp1.6', { ca: authority.certificate });
  await Promise.all([newer.close(), station.close()]);
});

test('a certificate that cannot be used changes nothing', async () => {
  const { pod, port } = await start(ecdsa);
  for (const broken of [{ certificate: 'half of a certificate', key: ecdsa.key }, { certificate: ecdsa.certificate, key: rsa.key }, { certificate: '', key: '' }]) {
    install(broken);
    await pod.reloadCertificate();
    expect(await handshake(port)).toMatch(/^ecdsa /);
  }
  install(rsa);
  await pod.reloadCertificate();
  expect(await handshake(port)).toMatch(/^rsa /);
});

test('a certificate that cannot be used at the start is the end of it, and nothing of the pod stays', async () => {
  await expect(start({ certificate: ecdsa.certificate, key: rsa.key })).rejects.toThrow('the key is not that of the certificate');
  expect(pods.failed).toHaveLength(1);
  expect(await pods.presence.alivePods(pods.failed)).toEqual(new Set());
  await expect(pods.start({ TLS_CERTIFICATE_FILE: join(folder, 'server.pem') })).rejects.toThrow('together');
});

test('a port that another gateway takes stations on over TLS is not shared with it, unless that is wanted', async () => {
  const { port } = await start(ecdsa);
  const beside = (env: Record<string, string> = {}) => pods.start({ ...files(), TLS_PORT: String(port), ...env });
  await expect(beside()).rejects.toThrow(`cannot listen on 127.0.0.1:${port}`);
  expect(await handshake(port)).toMatch(/^ecdsa /);
  const { pod } = await beside({ PORT_SHARING: 'on' });
  await pods.stop(running!);
  running = pod;
  expect(await handshake(port)).toMatch(/^ecdsa /);
});

test('a stopped pod takes nobody over TLS, and closes those that came so', async () => {
  const { pod, port, tlsUrl } = await start(ecdsa);
  pods.services.admit = () => ({ verdict: 'admitted' });
  const station = await ThinStation.connect(`${tlsUrl}/CS`, 'ocpp1.6', { ca: authority.certificate });
  running = undefined;
  await pods.stop(pod);
  expect((await station.closed).code).toBe(1012);
  expect(await handshake(port)).toBe('ECONNREFUSED');
});
