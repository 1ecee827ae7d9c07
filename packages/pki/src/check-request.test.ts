import { describe, expect, test } from '@jest/globals';
import { checkRequest } from './check-request.js';
import { requestDigest } from './check-issued.js';
import { makeRequest } from './make-request.js';
import { foreign } from './openssl-fixture.js';
import { requestDer } from './pem.js';

const rule = { commonNames: ['CP-7', 'SN-7'], organization: 'Voltwerk' };

describe('a request for a certificate', () => {
  test('that OpenSSL has made is taken, and told what it says', async () => {
    expect(await checkRequest(foreign.request, rule)).toMatchObject({ accepted: true, commonName: 'CP-7', organization: 'Voltwerk', key: 'RSA 2048' });
    expect(await checkRequest(foreign.request, { commonNames: ['CP-7'] })).toMatchObject({ accepted: true });
  });

  test.each(['ecdsa-p256', 'rsa-3072'] as const)('with a key of type %s is taken', async (keyType) => {
    const { request } = await makeRequest({ commonName: 'SN-7', organization: 'Voltwerk', keyType });
    expect(await checkRequest(request, rule)).toMatchObject({ accepted: true, commonName: 'SN-7' });
  });

  test.each([
    ['without line breaks', (pem: string) => pem.replaceAll('\n', '')],
    ['with line breaks spelled out', (pem: string) => pem.replaceAll('\n', '\\n')],
    ['with the line ends of Windows', (pem: string) => pem.replaceAll('\n', '\r\n')],
    ['without its frame', (pem: string) => pem.replaceAll(/-----[^-]+-----/g, '')],
    ['under its older name', (pem: string) => pem.replaceAll('CERTIFICATE REQUEST', 'NEW CERTIFICATE REQUEST')],
  ])('%s is the same request', async (_how, spell) => {
    expect(await checkRequest(spell(foreign.request), rule)).toMatchObject({ accepted: true, pem: `${foreign.request}\n` });
    expect(requestDigest(spell(foreign.request))).toBe(requestDigest(foreign.request));
  });

  test('of a key that is too short is refused', async () => {
    expect(await checkRequest(foreign.weakRequest, rule)).toEqual({ accepted: false, reason: 'the key is RSA 1024; RSA of 2048 bits or ECDSA of 256 bits is the least' });
  });

  test('that somebody has changed is refused: the sender does not have the key', async () => {
    const der = requestDer(foreign.request);
    der[der.indexOf('CP-7') + 3] = '8'.charCodeAt(0);
    const verdict = await checkRequest(der.toString('base64'), { commonNames: ['CP-8'] });
    expect(verdict).toEqual({ accepted: false, reason: 'the signature is not of the key in the request' });
  });

  test('for another station, another operator or nobody is refused', async () => {
    expect(await checkRequest(foreign.request, { commonNames: ['CP-8', 'SN-8'] })).toEqual({
      accepted: false,
      reason: 'the common name is "CP-7"; it must be "CP-8" or "SN-8"',
    });
    expect(await checkRequest(foreign.request, { ...rule, organization: 'Volta' })).toEqual({
      accepted: false,
      reason: 'the organization is "Voltwerk"; it must be "Volta"',
    });
    const { request } = await makeRequest({ commonName: 'CP-7' });
    expect(await checkRequest(request, rule)).toMatchObject({ accepted: false, reason: 'the organization is ""; it must be "Voltwerk"' });
  });

  test.each(['', 'hello', '-----BEGIN CERTIFICATE REQUEST-----\nAAAA\n-----END CERTIFICATE REQUEST-----', foreign.root, '\0', 'A'.repeat(5500)])(
    'that is none is refused and hurts nobody: %j',
    async (text) => {
      expect(await checkRequest(text, rule)).toMatchObject({ accepted: false, reason: expect.stringContaining('cannot be read') });
    },
  );
});
