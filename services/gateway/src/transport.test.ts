import { describe, expect, test } from '@jest/globals';
import { isRefusal } from './handshake.js';
import { isNetwork, readTransport, TrustedProxies, type Transport } from './transport.js';

const proxies = new TrustedProxies(['10.0.0.0/8', '192.0.2.7', '2001:db8::/32']);
const names = { certificate: 'x-client-cert', verdict: 'x-client-cert-verify' };

const read = (remoteAddress: string, headers: Record<string, string> = {}, secure = false) => readTransport({ remoteAddress, secure }, (name) => headers[name] ?? '', proxies, names);

function good(...of: Parameters<typeof read>): Transport {
  const transport = read(...of);
  if (isRefusal(transport)) throw new Error(transport.reason);
  return transport;
}

describe('of somebody who is no trusted proxy', () => {
  test.each([
    ['an IPv4 address', '203.0.113.5'],
    ['a neighbour of a trusted address', '192.0.2.8'],
    ['an IPv6 address', '2001:db9::1'],
    ['something that is no address', ''],
  ])('%s, the headers are not believed', (_what, address) => {
    const transport = good(address, { 'x-forwarded-for': '198.51.100.1', 'x-forwarded-proto': 'https' });
    expect(transport).toMatchObject({ remoteAddress: address, secure: false, certificate: undefined });
    expect(transport.hint).toContain('X-Forwarded-Proto');
  });

  test.each<Record<string, string>>([{ 'x-client-cert': 'abc' }, { 'x-client-cert-verify': 'SUCCESS' }])('a client certificate in a header is refused with 403: %p', (headers) => {
    expect(read('203.0.113.5', headers)).toMatchObject({ status: 403, reason: expect.stringContaining('trusted proxies only') });
    expect(read('203.0.113.5', headers, true)).toMatchObject({ status: 403 });
  });

  test('TLS to us is what counts', () => {
    expect(good('203.0.113.5', { 'x-forwarded-proto': 'http' }, true)).toMatchObject({ secure: true, hint: undefined });
  });
});

describe('of a trusted proxy', () => {
  test.each([
    ['https', true],
    ['HTTPS', true],
    ['wss', true],
    ['http', false],
    ['ws', false],
    ['https, http', false],
    ['no such thing', false],
  ])('X-Forwarded-Proto %s tells whether the station came over TLS', (proto, secure) => {
    expect(good('10.1.2.3', { 'x-forwarded-proto': proto }).secure).toBe(secure);
    expect(good('10.1.2.3', { 'x-forwarded-proto': proto }, true).secure).toBe(secure);
  });

  test('silence means that what we see is what the station did', () => {
    expect(good('10.1.2.3', {}, true).secure).toBe(true);
    const plain = good('10.1.2.3');
    expect(plain.secure).toBe(false);
    expect(plain.hint).toContain('X-Forwarded-Proto');
  });

  test.each([
    ['', '10.1.2.3'],
    ['198.51.100.1', '198.51.100.1'],
    ['6.6.6.6, 198.51.100.1', '198.51.100.1'],
    ['6.6.6.6, 198.51.100.1, 10.9.9.9,192.0.2.7', '198.51.100.1'],
    ['10.9.9.9', '10.9.9.9'],
    ['198.51.100.1:4711', '198.51.100.1'],
    ['[2001:db9::5]:4711', '2001:db9::5'],
    ['6.6.6.6, not an address', '10.1.2.3'],
    ['6.6.6.6, not an address, 10.9.9.9', '10.9.9.9'],
  ])('X-Forwarded-For "%s" means that the station is at %s', (list, address) => {
    expect(good('10.1.2.3', { 'x-forwarded-for': list }).remoteAddress).toBe(address);
  });

  test('as IPv6 spells IPv4, it is the same proxy', () => {
    expect(good('0000:0000:0000:0000:0000:ffff:0a01:0203', { 'x-forwarded-proto': 'https' }).secure).toBe(true);
    expect(good('::ffff:203.0.113.5', { 'x-forwarded-proto': 'https' }).secure).toBe(false);
    expect(good('2001:0db8:0000:0000:0000:0000:0000:0001', { 'x-forwarded-proto': 'https' }).secure).toBe(true);
  });

  const der = Buffer.from('any bytes, which admission looks at');
  const pem = `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
  test.each([
    ['percent-encoded PEM', encodeURIComponent(pem)],
    ['PEM in one line', pem.replaceAll('\n', ' ')],
    ['bare base64', der.toString('base64')],
    ['percent-encoded base64', encodeURIComponent(der.toString('base64'))],
  ])('a client certificate is passed on: %s', (_what, value) => {
    const transport = good('10.1.2.3', { 'x-forwarded-proto': 'https', 'x-client-cert': value, 'x-client-cert-verify': 'FAILED:expired' });
    expect(transport.certificate).toEqual({ der, verdict: 'FAILED:expired' });
  });

  test('a client certificate without TLS is none', () => {
    expect(good('10.1.2.3', { 'x-forwarded-proto': 'http', 'x-client-cert': encodeURIComponent(pem) }).certificate).toBeUndefined();
  });
});

test.each([
  ['10.0.0.0/8', true],
  ['10.0.0.1', true],
  ['2001:db8::/32', true],
  ['::1', true],
  ['10.0.0.0/33', false],
  ['10.0.0.0/', false],
  ['10.0.0.0/8/8', false],
  ['::/129', false],
  ['proxy.example', false],
])('%s is a network: %s', (text, is) => {
  expect(isNetwork(text)).toBe(is);
});
