import { connect, type ConnectionOptions } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { putStation } from '@ohmnibus/contracts';
import { eventually, TestAuthority, type CertificateOrder, type KeyedCertificate } from '@ohmnibus/testkit';
import { RPCClient } from 'ocpp-rpc';
import { assertInvariants } from '../invariants.js';
import { RawSocket, refusal, type RawSocketOptions } from '../raw-socket.js';
import { basic } from '../security/charger.js';
import { SecureSystem, stranger } from '../security/secure-system.js';

const password = 'a password of 27 characters';
const organization = 'Voltwerk';
const now = () => new Date().toISOString();

let secure: SecureSystem;

beforeAll(async () => {
  secure = await SecureSystem.start();
  await secure.operator.accepts('DRIVER');
});
afterAll(() => secure?.stop());

const put = (station: string, settings: object) => secure.operator.bus.ask(putStation, {}, { tenant: 'default', station, ...settings });
const profileOf = async (station: string) => (await secure.system.rest('GET', `/stations/${station}`)).body['securityProfile'];
const certificateOf = (commonName: string, order: Partial<CertificateOrder> = {}) => secure.stations.issue({ commonName, organization, ...order });

/** How a station connects that trusts our server, with or without a certificate of its own. */
function over(certificate?: KeyedCertificate): Pick<RawSocketOptions, 'connection'> {
  return { connection: { ca: secure.servers.certificate, ...(certificate && { cert: certificate.certificate, key: certificate.key }) } };
}

/** A charge from plug to plug, by a client of others. */
async function charge(identity: string, options: { password?: string; wsOpts: object }): Promise<void> {
  const client = new RPCClient({ endpoint: secure.proxyUrl, identity, protocols: ['ocpp1.6'], strictMode: true, reconnect: false, ...options } as ConstructorParameters<typeof RPCClient>[0]);
  await client.connect();
  try {
    const call = (action: string, payload: object) => client.call(action, payload) as Promise<Record<string, unknown>>;
    expect(await call('BootNotification', { chargePointVendor: 'Foreign', chargePointModel: 'One' })).toMatchObject({ status: 'Accepted' });
    const { transactionId } = await call('StartTransaction', { connectorId: 1, idTag: 'DRIVER', meterStart: 100, timestamp: now() });
    await call('MeterValues', { connectorId: 1, transactionId, meterValue: [{ timestamp: now(), sampledValue: [{ value: '150' }] }] });
    expect(await call('StopTransaction', { transactionId, meterStop: 250, timestamp: now() })).toEqual({});
    const { body } = await secure.system.rest('GET', `/transactions/${String(transactionId)}`);
    expect(body).toMatchObject({ station: identity, token: 'DRIVER', energyWh: 150, open: false });
  } finally {
    await client.close({ code: 1000 });
  }
}

describe('through nginx', () => {
  test('a charger with profile 2 completes a charge, and rises to it', async () => {
    await put('PROFILE-2', { password });
    await charge('PROFILE-2', { password, wsOpts: over().connection! });
    expect(await profileOf('PROFILE-2')).toBe(2);
    const [row] = await secure.operator.rows('SELECT remote_address FROM station WHERE id = $1', 'PROFILE-2');
    expect(row).toEqual({ remote_address: '127.0.0.1' });
  });

  test('a charger with profile 3 completes a charge', async () => {
    await put('PROFILE-3', { securityProfile: 3 });
    await charge('PROFILE-3', { wsOpts: over(await certificateOf('PROFILE-3')).connection! });
    expect(await profileOf('PROFILE-3')).toBe(3);
  });

  test('a charger whose certificate names its serial number does as well, with an RSA key', async () => {
    await put('PROFILE-3S', { securityProfile: 3, certificateName: 'SN-4711' });
    await charge('PROFILE-3S', { wsOpts: over(await certificateOf('SN-4711', { key: 'rsa' })).connection! });
    expect(await profileOf('PROFILE-3S')).toBe(3);
  });

  test.each([
    ['TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256', 'ECDHE-ECDSA-AES128-GCM-SHA256', 'ecdsa'],
    ['TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384', 'ECDHE-ECDSA-AES256-GCM-SHA384', 'ecdsa'],
    ['TLS_RSA_WITH_AES_128_GCM_SHA256', 'AES128-GCM-SHA256', 'rsa'],
    ['TLS_RSA_WITH_AES_256_GCM_SHA384', 'AES256-GCM-SHA384', 'rsa'],
  ])('%s completes a handshake, with the certificate that it needs', async (name, ciphers, server) => {
    expect(await handshake({ ciphers, maxVersion: 'TLSv1.2' })).toBe(`${server} TLSv1.2 ${name}`);
  });

  test('TLS 1.1 is refused, and nginx says why', async () => {
    expect(await handshake({ minVersion: 'TLSv1.1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
    await eventually('nginx says why', () => secure.nginx.errors().some((line) => line.includes('unsupported protocol') && line.includes('client: 127.0.0.1')));
  });
});

/** What TLS with nginx agrees on, or the error. */
function handshake(options: ConnectionOptions): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port: secure.nginx.port, host: '127.0.0.1', ca: secure.servers.certificate, ...options }, () => {
      resolve(`${String(socket.getPeerCertificate().subject.CN)} ${String(socket.getProtocol())} ${socket.getCipher().standardName}`);
      socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

describe('a charger with profile 3 is refused', () => {
  const station = 'REFUSED-3';
  beforeAll(() => put(station, { securityProfile: 3, password }));

  test.each<[what: string, order: Partial<CertificateOrder>, reason: string]>([
    ['another charger\'s certificate', { commonName: 'PROFILE-3' }, '(wrong-station)'],
    ['one that has expired', { fromDay: -2, toDay: -1 }, '(expired)'],
    ['one that is not valid yet', { fromDay: 1, toDay: 2 }, '(not-yet-valid)'],
    ['one for servers', { use: 'server' }, '(wrong-purpose)'],
    ['one of another organization', { organization: 'Somebody else' }, '(wrong-organization)'],
  ])('with %s', async (_what, order, reason) => {
    const certificate = await secure.stations.issue({ commonName: station, organization, ...order });
    expect(await refusal(`${secure.proxyUrl}/${station}`, over(certificate))).toBe(401);
    expect(await secure.refusal(station)).toMatchObject({ status: 401, reason: expect.stringContaining(reason), remoteAddress: '127.0.0.1' });
  });

  test('with the certificate of an authority that nobody knows', async () => {
    const foreign = await TestAuthority.create('Root of strangers');
    expect(await refusal(`${secure.proxyUrl}/${station}`, over(await foreign.issue({ commonName: station, organization })))).toBe(401);
    expect((await secure.refusal(station)).reason).toContain('(unknown-authority)');
  });

  test('with the certificate of an authority that only has the same name', async () => {
    const namesake = await TestAuthority.create('Root of stations', 'rsa');
    expect(await refusal(`${secure.proxyUrl}/${station}`, over(await namesake.issue({ commonName: station, organization })))).toBe(401);
    expect((await secure.refusal(station)).reason).toContain('(unknown-authority)');
  });

  test('without a certificate, whatever its password', async () => {
    expect(await refusal(`${secure.proxyUrl}/${station}`, { ...over(), ...basic(station, password) })).toBe(401);
    expect((await secure.refusal(station)).reason).toBe('the station\'s security profile 3 asks for a client certificate, and none was given');
  });

  test('with a certificate in a header that it sends itself: nginx takes it away, and the gateway believes nobody else', async () => {
    const { certificate } = await certificateOf(station);
    const headers = { 'x-client-cert': encodeURIComponent(certificate), 'x-client-cert-verify': 'SUCCESS', 'x-forwarded-proto': 'https' };
    expect(await refusal(`${secure.proxyUrl}/${station}`, { ...over(), headers })).toBe(401);
    expect((await secure.refusal(station)).reason).toContain('none was given');
    expect(await refusal(`${secure.plainUrl}/${station}`, { headers, connection: { localAddress: stranger } })).toBe(403);
    expect(await secure.refusal(station)).toMatchObject({ reason: expect.stringContaining('trusted proxies only'), remoteAddress: stranger });
    expect(await refusal(`${secure.tlsUrl}/${station}`, { headers, connection: { ...over().connection, localAddress: stranger } })).toBe(403);
    expect(await secure.refusal(station)).toMatchObject({ level: 'warn', status: 403, remoteAddress: stranger });
  });

  test('with a long chain in the header, which fits', async () => {
    const headers = { 'x-client-cert': Buffer.alloc(12_000).toString('base64'), 'x-client-cert-verify': 'SUCCESS', 'x-forwarded-proto': 'https' };
    expect(await refusal(`${secure.plainUrl}/${station}`, { headers })).toBe(401);
    expect((await secure.refusal(station)).reason).toContain('(unreadable)');
  });

  test('and let in with its own', async () => {
    const socket = await RawSocket.open(`${secure.proxyUrl}/${station}`, over(await certificateOf(station)));
    expect((await socket.call('Heartbeat', {}))[0]).toBe(3);
    await socket.close();
  });
});

describe('a charger that has once come in with', () => {
  test('profile 2 is let in with nothing less, until an operator says so', async () => {
    await put('FALLS', { password });
    await (await RawSocket.open(`${secure.plainUrl}/FALLS`, basic('FALLS', password))).close();
    await (await RawSocket.open(`${secure.tlsUrl}/FALLS`, { ...over(), ...basic('FALLS', password) })).close();
    expect(await profileOf('FALLS')).toBe(2);
    expect(await refusal(`${secure.plainUrl}/FALLS`, basic('FALLS', password))).toBe(403);
    expect((await secure.refusal('FALLS')).reason).toContain('security profile 2 asks for TLS');
    const lying = { headers: { ...basic('FALLS', password).headers, 'x-forwarded-proto': 'https' }, connection: { localAddress: stranger } };
    expect(await refusal(`${secure.plainUrl}/FALLS`, lying)).toBe(403);
    expect((await secure.refusal('FALLS')).reason).toContain('not among TRUSTED_PROXIES');
    expect(await refusal(`${secure.proxyUrl}/FALLS`, { ...over(), ...basic('FALLS', 'a wrong password') })).toBe(401);
    expect((await secure.system.rest('PUT', '/stations/FALLS', { securityProfile: 1 })).status).toBe(200);
    await (await RawSocket.open(`${secure.plainUrl}/FALLS`, basic('FALLS', password))).close();
  });

  test('profile 3 is let in with no password any more', async () => {
    await put('RISES', { password });
    await (await RawSocket.open(`${secure.proxyUrl}/RISES`, over(await certificateOf('RISES')))).close();
    expect(await profileOf('RISES')).toBe(3);
    expect(await refusal(`${secure.proxyUrl}/RISES`, { ...over(), ...basic('RISES', password) })).toBe(401);
    expect(await refusal(`${secure.plainUrl}/RISES`, basic('RISES', password))).toBe(403);
  });
});

test('a charger with profile 2 and a certificate that is not its own comes in by its password, which is logged', async () => {
  await put('STALE', { password, securityProfile: 2 });
  const stale = await certificateOf('STALE', { fromDay: -2, toDay: -1 });
  await (await RawSocket.open(`${secure.proxyUrl}/STALE`, { ...over(stale), ...basic('STALE', password) })).close();
  expect(await profileOf('STALE')).toBe(2);
  await eventually('it is logged', () => secure.system.service('session').lines.some((line) => line.includes('client-certificate-refused') && line.includes('STALE')));
});

test('when the gateway\'s certificate ends is a metric', async () => {
  const days = (await secure.system.metric('gateway-1', 'tls_certificate_expiry_timestamp_seconds')) / 86_400 - Date.now() / 86_400_000;
  expect(days).toBeGreaterThan(29);
  expect(days).toBeLessThan(31);
});

test('and the invariants hold', async () => {
  await assertInvariants(secure.system);
  expect(secure.system.defects()).toEqual([]);
});
