import { connect, type ConnectionOptions } from 'node:tls';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { putStation } from '@ohmnibus/contracts';
import { eventually } from '@ohmnibus/testkit';
import { RawSocket, refusal, type RawSocketOptions } from '../../raw-socket.js';
import { basic, Charger } from '../../security/charger.js';
import { SecureSystem } from '../../security/secure-system.js';

const password = 'password of profile 1';
const boot = { chargePointVendor: 'Ohmnibus', chargePointModel: 'Conformance' };

let secure: SecureSystem;

beforeAll(async () => {
  secure = await SecureSystem.start();
});
afterAll(() => secure?.stop());

async function known(station: string, settings: object = { password }): Promise<string> {
  await secure.operator.bus.ask(putStation, {}, { tenant: 'default', station, ...settings });
  return station;
}

const row = async (station: string) => (await secure.operator.rows('SELECT password_hash, security_profile, online, protocol, booted_at FROM station WHERE id = $1', station))[0]!;
const overTls = (): RawSocketOptions => ({ connection: { ca: secure.servers.certificate } });

/** Boots and says which state the CSMS has it in. */
async function booted(socket: RawSocket): Promise<void> {
  expect(await socket.call('BootNotification', boot)).toEqual([3, expect.any(String), { status: 'Accepted', currentTime: expect.any(String), interval: expect.any(Number) }]);
}

describe('TC_073: Update Charge Point Password for HTTP Basic Authentication', () => {
  test('TC_073 the charge point gets a key, accepts it, and connects with it; the old password is refused', async () => {
    const station = await known('TC-073');
    const charger = await new Charger(secure.plainUrl, station, password).connect();
    const before = (await row(station))['password_hash'];
    const answer = secure.system.rest('POST', `/stations/${station}/password/rotate`, { timeoutSeconds: 20 });
    const asked = await charger.asked();
    expect(asked.payload).toEqual({ key: 'AuthorizationKey', value: expect.stringMatching(/^[0-9a-f]{40}$/) });
    charger.take(asked);
    charger.answer(asked, 'Accepted');
    const { status, body } = await answer;
    expect({ status, body }).toMatchObject({ status: 200, body: { state: 'accepted', result: { type: 'CALLRESULT', payload: { status: 'Accepted' } } } });
    await charger.socket!.close();
    expect(await charger.refusal(password)).toBe(401);
    await charger.connect();
    expect((await row(station))['password_hash']).not.toBe(before);
    const [command] = await secure.operator.rows('SELECT action, payload FROM command WHERE id = $1', body['id']);
    expect(command).toEqual({ action: 'ChangeConfiguration', payload: { key: 'AuthorizationKey', value: '***' } });
    await charger.socket!.close();
  });

  test('TC_073 a charge point that refuses keeps its password', async () => {
    const station = await known('TC-073-R');
    const charger = await new Charger(secure.plainUrl, station, password).connect();
    const answer = secure.system.rest('POST', `/stations/${station}/password/rotate`, { timeoutSeconds: 20 });
    const asked = await charger.asked();
    const before = (await row(station))['password_hash'];
    charger.answer(asked, 'Rejected');
    expect((await answer).body).toMatchObject({ state: 'rejected' });
    expect((await row(station))['password_hash']).toBe(before);
    await charger.socket!.close();
    expect(await charger.refusal(asked.payload.value)).toBe(401);
    await (await charger.connect()).socket!.close();
  });
});

describe('TC_083: Upgrade Charge Point Security Profile - Accepted', () => {
  test('TC_083 the charge point accepts, restarts, and comes back over TLS; without TLS it is let in no more', async () => {
    const station = await known('TC-083');
    const socket = await RawSocket.open(`${secure.plainUrl}/${station}`, basic(station, password));
    await booted(socket);
    const answer = secure.system.rest('POST', `/stations/${station}/security-profile/raise`, { profile: 2, restart: true, timeoutSeconds: 20 });
    await eventually('it is asked to rise', () => socket.calls('ChangeConfiguration').length === 1);
    const [, id, , payload] = socket.calls('ChangeConfiguration')[0]!;
    expect(payload).toEqual({ key: 'SecurityProfile', value: '2' });
    socket.send(JSON.stringify([3, id, { status: 'Accepted' }]));
    await eventually('it is asked to restart', () => socket.calls('Reset').length === 1);
    const [, reset, , how] = socket.calls('Reset')[0]!;
    expect(how).toEqual({ type: 'Soft' });
    // Nothing has changed yet: if TLS does not work for it, it may come back as it was.
    expect(await row(station)).toMatchObject({ security_profile: null });
    socket.send(JSON.stringify([3, reset, { status: 'Accepted' }]));
    expect((await answer).body).toMatchObject({ state: 'accepted' });
    await socket.close();
    const secured = await RawSocket.open(`${secure.proxyUrl}/${station}`, { ...overTls(), ...basic(station, password) });
    await booted(secured);
    expect(await row(station)).toMatchObject({ security_profile: 2, online: true });
    await secured.close();
    expect(await refusal(`${secure.plainUrl}/${station}`, basic(station, password))).toBe(403);
  });

  test('TC_083 a charge point that refuses stays as it is, and is never asked for a lower profile', async () => {
    const station = await known('TC-083-R');
    const socket = await RawSocket.open(`${secure.plainUrl}/${station}`, basic(station, password));
    await booted(socket);
    const answer = secure.system.rest('POST', `/stations/${station}/security-profile/raise`, { profile: 3, restart: true, timeoutSeconds: 20 });
    await eventually('it is asked to rise', () => socket.calls('ChangeConfiguration').length === 1);
    socket.send(JSON.stringify([3, socket.calls('ChangeConfiguration')[0]![1], { status: 'Rejected' }]));
    expect((await answer).body).toMatchObject({ state: 'rejected' });
    expect((await secure.system.rest('POST', `/stations/${station}/security-profile/raise`, { profile: 1 })).status).toBe(409);
    expect(socket.calls('Reset')).toEqual([]);
    expect(socket.calls('ChangeConfiguration')).toHaveLength(1);
    await socket.close();
    await (await RawSocket.open(`${secure.plainUrl}/${station}`, basic(station, password))).close();
  });
});

describe('TC_085: Basic Authentication - Valid username/password combination', () => {
  test('TC_085 a charge point with the right credentials is let in and boots', async () => {
    const station = await known('TC-085');
    const socket = await RawSocket.open(`${secure.plainUrl}/${station}`, basic(station, password));
    await booted(socket);
    expect(await row(station)).toMatchObject({ online: true, protocol: 'v16', booted_at: expect.any(Date) });
    await socket.close();
  });

  test.each<[string, () => RawSocketOptions]>([
    ['a wrong password', () => basic('TC-085', 'another password of it')],
    ['another user name', () => basic('TC-086', password)],
    ['no credentials', () => ({})],
  ])('TC_085 with %s the upgrade is refused with 401', async (_what, options) => {
    expect(await refusal(`${secure.plainUrl}/TC-085`, options())).toBe(401);
  });
});

/** What a TLS client and the server agree on. */
function handshake(port: number, options: ConnectionOptions): Promise<string> {
  return new Promise((resolve) => {
    const socket = connect({ port, host: '127.0.0.1', ca: secure.servers.certificate, ...options }, () => {
      resolve(`${String(socket.getProtocol())} ${socket.getCipher().standardName}`);
      socket.destroy();
    });
    socket.on('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
  });
}

describe('TC_086: TLS - server-side certificate - Valid certificate', () => {
  test.each([
    ['through a proxy', () => secure.proxyUrl],
    ['to the gateway itself', () => secure.tlsUrl],
  ])('TC_086 a charge point that checks the certificate connects %s', async (way, url) => {
    const station = await known(`TC-086-${way.length}`, { password, securityProfile: 2 });
    const socket = await RawSocket.open(`${url()}/${station}`, { ...overTls(), ...basic(station, password) });
    await booted(socket);
    expect(await row(station)).toMatchObject({ online: true, security_profile: 2 });
    await socket.close();
  });

  test.each([
    'TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256 ECDHE-ECDSA-AES128-GCM-SHA256',
    'TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384 ECDHE-ECDSA-AES256-GCM-SHA384',
    'TLS_RSA_WITH_AES_128_GCM_SHA256 AES128-GCM-SHA256',
    'TLS_RSA_WITH_AES_256_GCM_SHA384 AES256-GCM-SHA384',
  ])('TC_086 the suite is served: %s', async (suite) => {
    const [name, ciphers] = suite.split(' ') as [string, string];
    expect(await handshake(secure.nginx.port, { ciphers, maxVersion: 'TLSv1.2' })).toBe(`TLSv1.2 ${name}`);
  });

  test('TC_086 nothing older than TLS 1.2 is spoken', async () => {
    for (const port of [secure.nginx.port, secure.tlsPort]) {
      expect(await handshake(port, { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' })).toBe('ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION');
    }
  });
});

describe('TC_087: TLS - client-side certificate - Valid certificate', () => {
  test('TC_087 a charge point with its own certificate connects; with none, and with another one\'s, it does not', async () => {
    const station = await known('TC-087', { securityProfile: 3 });
    const presenting = async (commonName: string): Promise<RawSocketOptions> => {
      const { certificate: cert, key } = await secure.stations.issue({ commonName, organization: 'Voltwerk' });
      return { connection: { ca: secure.servers.certificate, cert, key } };
    };
    const socket = await RawSocket.open(`${secure.proxyUrl}/${station}`, await presenting(station));
    await booted(socket);
    expect(await row(station)).toMatchObject({ online: true, security_profile: 3 });
    await socket.close();
    expect(await refusal(`${secure.proxyUrl}/${station}`, overTls())).toBe(401);
    expect(await refusal(`${secure.proxyUrl}/${station}`, await presenting('TC-085'))).toBe(401);
  });
});

describe('TC_088: WebSocket Subprotocol validation', () => {
  test('TC_088 the subprotocol that both know is agreed on', async () => {
    const station = await known('TC-088');
    for (const protocols of [['ocpp1.6'], ['ocpp9.9', 'ocpp1.6']]) {
      const socket = await RawSocket.open(`${secure.plainUrl}/${station}`, { protocols, ...basic(station, password) });
      expect(socket.protocol).toBe('ocpp1.6');
      await eventually('it is known to speak 1.6', async () => (await row(station))['protocol'] === 'v16');
      await socket.close();
    }
  });

  test('TC_088 without a common subprotocol the upgrade is refused', async () => {
    expect(await refusal(`${secure.plainUrl}/TC-088`, { protocols: ['ocpp0.1'], ...basic('TC-088', password) })).toBe(400);
    await eventually('it is offline', async () => (await row('TC-088'))['online'] === false);
    expect(await row('TC-088')).toMatchObject({ online: false, protocol: 'v16' });
  });
});
