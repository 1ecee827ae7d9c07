import { beforeAll, describe, expect, test } from '@jest/globals';
import { readCertificate } from './certificate.js';
import { checkIssuedChain } from './check-issued.js';
import { ClientCertificates } from './client-certificates.js';
import { createRootAuthority, LocalAuthority, type AuthorityMaterial } from './local-authority.js';
import { makeRequest } from './make-request.js';
import { signingKeys } from './keys.js';
import { foreign } from './openssl-fixture.js';
import { open, seal } from './sealed.js';
import { x509 } from './x509.js';

const now = new Date('2027-03-01T12:00:00Z');
const at = (days: number) => new Date(now.getTime() + days * 86_400_000);
const station = { tenant: 'acme', station: 'CP:7/a' };
let root: AuthorityMaterial;
let stranger: AuthorityMaterial;
let chain: string;
let request: string;

const authority = (material: AuthorityMaterial, days = 365) => new LocalAuthority(material, days, { now: () => now });
const trusting = (...materials: AuthorityMaterial[]) => new ClientCertificates(materials.map(({ certificate }) => certificate));

beforeAll(async () => {
  root = await createRootAuthority({ name: 'Acme stations', organization: 'Acme', keyType: 'ecdsa-p256', days: 3650, now });
  stranger = await createRootAuthority({ name: 'Acme stations', organization: 'Acme', keyType: 'rsa-3072', days: 3650, now });
  ({ request } = await makeRequest({ commonName: 'SN-7', organization: 'Acme' }));
  chain = await authority(root).sign({ station, request });
});

describe('the local authority', () => {
  test('issues what the request asks for, for as long as it is told, without its own root', () => {
    expect(readCertificate(chain)).toMatchObject({ commonName: 'SN-7', organization: 'Acme', authority: false, notBefore: at(-1), notAfter: at(365) });
    expect(chain.match(/BEGIN/g)).toHaveLength(1);
    expect(checkIssuedChain(chain + root.certificate, request, now)).toMatchObject({ chain });
  });

  test('issues no certificate that outlives its own', async () => {
    expect(readCertificate(await authority(root, 10_000).sign({ station, request })).notAfter).toEqual(at(3650));
  });

  test('never uses a serial number twice', async () => {
    const serials = new Set(await Promise.all(Array.from({ length: 20 }, async () => readCertificate(await authority(root).sign({ station, request })).serialNumber)));
    expect(serials.size).toBe(20);
  });

  test('signs RSA and ECDSA requests with either kind of key', async () => {
    for (const material of [root, stranger]) {
      for (const keyType of ['ecdsa-p256', 'rsa-3072'] as const) {
        const { request: one } = await makeRequest({ commonName: 'SN-7', keyType });
        const issued = await authority(material).sign({ station, request: one });
        expect(trusting(material).check(issued, station, now)).toMatchObject({ accepted: true });
      }
    }
  });

  test('is not made of a key and a certificate that do not belong together, or of a certificate that may not sign', () => {
    expect(() => authority({ certificate: root.certificate, privateKey: stranger.privateKey })).toThrow(expect.objectContaining({ code: 'bad-value' }));
    expect(() => authority({ certificate: foreign.leaf, privateKey: root.privateKey })).toThrow(expect.objectContaining({ code: 'bad-value' }));
  });
});

describe('the certificate of a client', () => {
  test('is accepted if an authority that is trusted has issued it for this station', () => {
    expect(trusting(root).check(chain, station, now)).toMatchObject({ accepted: true, certificate: { commonName: 'SN-7' } });
    expect(trusting(stranger, root).check(chain, station, at(364))).toMatchObject({ accepted: true });
  });

  test('is refused for any other station, whatever serial number that one has', () => {
    for (const other of [{ tenant: 'acme', station: 'CP:8' }, { tenant: 'other', station: 'CP:7/a' }]) {
      expect(trusting(root).check(chain, { ...other, serialNumber: 'SN-7' }, now)).toMatchObject({ accepted: false, refusal: 'wrong-station' });
    }
  });

  test('of somebody else\'s authority names the station by its identity or its configured serial number', () => {
    const foreigners = new ClientCertificates([foreign.root], 'Voltwerk');
    expect(foreigners.check(foreign.leaf, { tenant: 'acme', station: 'CP-7' }, now)).toMatchObject({ accepted: true });
    expect(foreigners.check(foreign.leaf, { tenant: 'acme', station: 'X', serialNumber: 'CP-7' }, now)).toMatchObject({ accepted: true });
    expect(foreigners.check(foreign.leaf, { tenant: 'acme', station: 'X', serialNumber: null }, now)).toMatchObject({ accepted: false, refusal: 'wrong-station' });
    expect(new ClientCertificates([foreign.root], 'Acme').check(foreign.leaf, { tenant: 'acme', station: 'CP-7' }, now)).toMatchObject({ refusal: 'wrong-organization' });
  });

  test('is refused before and after its time, and when its authority has expired', () => {
    expect(trusting(root).check(chain, station, at(-2))).toMatchObject({ accepted: false, refusal: 'not-yet-valid' });
    expect(trusting(root).check(chain, station, at(366))).toMatchObject({ accepted: false, refusal: 'expired' });
  });

  test('is refused if its authority is not trusted, even one of the same name', () => {
    expect(trusting(stranger).check(chain, station, now)).toMatchObject({ accepted: false, refusal: 'unknown-authority' });
    expect(trusting(stranger).check(chain + root.certificate, station, now)).toMatchObject({ accepted: false, refusal: 'unknown-authority' });
    expect(trusting().check(chain, station, now)).toMatchObject({ accepted: false, refusal: 'unknown-authority' });
  });

  test('is refused if it is the authority itself, or nothing at all', () => {
    expect(trusting(root).check(root.certificate, station, now)).toMatchObject({ accepted: false });
    expect(trusting(root).check('rubbish', station, now)).toMatchObject({ accepted: false, refusal: 'unreadable' });
  });

  test('issues nothing itself: a station cannot make certificates for others', async () => {
    const own = await makeRequest({ commonName: 'SN-7' });
    const certificate = await authority(root).sign({ station, request: own.request });
    expect(() => authority({ certificate, privateKey: own.privateKey })).toThrow(expect.objectContaining({ code: 'bad-value' }));
    const { keys, algorithm } = await signingKeys(own.privateKey);
    const forged = await x509.X509CertificateGenerator.create({
      subject: 'CN=CP-8',
      issuer: readCertificate(certificate).subject,
      notAfter: at(300),
      notBefore: at(-1),
      publicKey: keys.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: algorithm,
    });
    const presented = `${forged.toString('pem')}\n${certificate}`;
    expect(trusting(root).check(presented, { tenant: 'acme', station: 'CP-8' }, now)).toMatchObject({ accepted: false, refusal: 'unknown-authority' });
  });
});

test('an uploaded chain is refused if it is for another key, out of order, expired or too long', async () => {
  const { request: other } = await makeRequest({ commonName: 'SN-7' });
  const fault = (code: string) => expect.objectContaining({ code });
  expect(() => checkIssuedChain(chain, other, now)).toThrow(fault('bad-value'));
  expect(() => checkIssuedChain(chain + stranger.certificate, request, now)).toThrow(fault('bad-value'));
  expect(() => checkIssuedChain(chain, request, at(366))).toThrow(fault('bad-value'));
});

test('a sealed key is opened by its secret and its owner alone', () => {
  const sealed = seal(root.privateKey, 'a secret that is long enough', 'acme');
  expect(sealed.includes('PRIVATE')).toBe(false);
  expect(open(sealed, 'a secret that is long enough', 'acme')).toBe(root.privateKey);
  for (const [secret, owner] of [['another secret', 'acme'], ['a secret that is long enough', 'other']] as const) {
    expect(() => open(sealed, secret, owner)).toThrow(expect.objectContaining({ code: 'forbidden' }));
  }
  sealed[20]! ^= 1;
  expect(() => open(sealed, 'a secret that is long enough', 'acme')).toThrow(expect.objectContaining({ code: 'forbidden' }));
});
