import { expect, test } from '@jest/globals';
import { certificateHashText } from '@ohmnibus/domain';
import { certificateHash } from './certificate-hash.js';
import { readCertificate } from './certificate.js';
import { foreign } from './openssl-fixture.js';

test('a certificate is named as OpenSSL names it in OCSP', async () => {
  expect(await certificateHash(foreign.leaf, foreign.root)).toEqual(foreign.leafHash);
});

test('a root is its own issuer, and its serial number has no leading zeros', async () => {
  expect(await certificateHash(foreign.root)).toEqual({ ...foreign.leafHash, serialNumber: 'a1b2c3' });
});

test('a certificate is not named by an issuer that did not issue it', async () => {
  await expect(certificateHash(foreign.leaf)).rejects.toMatchObject({ code: 'bad-value' });
});

test('the name is one text however a station spells it', () => {
  const { leafHash } = foreign;
  const shouted = { ...leafHash, issuerNameHash: leafHash.issuerNameHash.toUpperCase(), issuerKeyHash: leafHash.issuerKeyHash.toUpperCase(), serialNumber: '00123456789ABCDEF' };
  expect(certificateHashText(shouted)).toBe(certificateHashText(leafHash));
});

test('a certificate says what it is', () => {
  expect(readCertificate(`some words before\n${foreign.root}`)).toMatchObject({
    commonName: 'Foreign Root',
    organization: 'Foreign Trust',
    serialNumber: 'a1b2c3',
    notBefore: new Date('2026-11-22T14:16:07Z'),
    notAfter: new Date('2126-10-29T14:16:07Z'),
    authority: true,
    selfIssued: true,
    fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/),
  });
  expect(readCertificate(foreign.leaf)).toMatchObject({ commonName: 'CP-7', authority: false, selfIssued: false });
});

test.each(['', 'nothing', '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----', '-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----'])(
  'what is no certificate is a bad value: %j',
  (pem) => {
    expect(() => readCertificate(pem)).toThrow(expect.objectContaining({ code: 'bad-value' }));
  },
);
