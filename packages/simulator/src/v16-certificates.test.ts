import { afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { certificateHash, createRootAuthority, LocalAuthority, makeRequest, type AuthorityMaterial } from '@ohmnibus/pki';
import { createStation } from './station.js';
import type { SimulatedStation } from './station.js';
import { TestCsms } from './test-support/test-csms.js';

let authority: AuthorityMaterial;
let csms: TestCsms;
let station: SimulatedStation;

beforeAll(async () => {
  authority = await createRootAuthority({ name: 'Root', keyType: 'ecdsa-p256', days: 10, now: new Date() });
});
beforeEach(async () => {
  csms = await TestCsms.listen();
  csms.on('SignCertificate', () => ({ status: 'Accepted' }));
  station = createStation({ url: csms.url, id: 'CP-16', protocol: 'ocpp1.6' });
  await station.connect();
});
afterEach(async () => {
  await station.disconnect();
  await csms.close();
});

const sign = (request: string) => new LocalAuthority(authority, 1, { now: () => new Date() }).sign({ station: { tenant: 't', station: 'CP-16' }, request });
const answerTo = async (action: string, payload: object) => (await csms.call(action, payload as Record<string, unknown>))[2];

describe('a station that is told to renew its certificate', () => {
  test('asks for one with a key of its own, and takes what it asked for, once', async () => {
    expect(await answerTo('ExtendedTriggerMessage', { requestedMessage: 'SignChargePointCertificate' })).toEqual({ status: 'Accepted' });
    const { payload } = await csms.received('SignCertificate');
    const chain = await sign(payload['csr'] as string);
    expect(await answerTo('CertificateSigned', { certificateChain: chain })).toEqual({ status: 'Accepted' });
    expect(await answerTo('CertificateSigned', { certificateChain: chain })).toEqual({ status: 'Rejected' });
  });

  test('does not take what is for another key, and says so', async () => {
    await answerTo('ExtendedTriggerMessage', { requestedMessage: 'SignChargePointCertificate' });
    await csms.received('SignCertificate');
    const { request } = await makeRequest({ commonName: 'CP-16' });
    expect(await answerTo('CertificateSigned', { certificateChain: await sign(request) })).toEqual({ status: 'Rejected' });
    expect((await csms.received('SecurityEventNotification')).payload).toMatchObject({ type: 'InvalidChargePointCertificate', timestamp: expect.any(String) });
  });
});

describe('the roots of a station', () => {
  const certificateType = 'CentralSystemRootCertificate';
  const list = () => answerTo('GetInstalledCertificateIds', { certificateType });

  test('are installed, listed by their hashes, and deleted', async () => {
    const certificateHashData = { ...(await certificateHash(authority.certificate)) };
    expect(await list()).toEqual({ status: 'NotFound' });
    expect(await answerTo('InstallCertificate', { certificateType, certificate: authority.certificate })).toEqual({ status: 'Accepted' });
    expect(await list()).toEqual({ status: 'Accepted', certificateHashData: [certificateHashData] });
    expect(await answerTo('GetInstalledCertificateIds', { certificateType: 'ManufacturerRootCertificate' })).toEqual({ status: 'NotFound' });
    const shouted = { ...certificateHashData, issuerKeyHash: certificateHashData.issuerKeyHash.toUpperCase() };
    expect(await answerTo('DeleteCertificate', { certificateHashData: shouted })).toEqual({ status: 'Accepted' });
    expect(await answerTo('DeleteCertificate', { certificateHashData })).toEqual({ status: 'NotFound' });
    expect(await list()).toEqual({ status: 'NotFound' });
  });

  test('that are none are not taken, and the CSMS hears of it', async () => {
    expect(await answerTo('InstallCertificate', { certificateType, certificate: 'rubbish' })).toEqual({ status: 'Rejected' });
    expect((await csms.received('SecurityEventNotification')).payload).toMatchObject({ type: 'InvalidCentralSystemCertificate' });
  });
});
