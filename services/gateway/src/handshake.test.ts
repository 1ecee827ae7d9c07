import { describe, expect, test } from '@jest/globals';
import { isRefusal, readHandshake, type Handshake } from './handshake.js';

const basic = (credentials: string | Buffer) => `Basic ${Buffer.from(credentials as string).toString('base64')}`;

function good(path: string, { authorization = '', protocols = 'ocpp1.6' } = {}): Handshake {
  const handshake = readHandshake(path, { authorization, protocols });
  if (isRefusal(handshake)) throw new Error(`refused: ${handshake.reason}`);
  return handshake;
}

describe('the path of an upgrade', () => {
  test.each([
    ['/ocpp/CP-1', 'default', 'CP-1'],
    ['/ocpp/CP-1/', 'default', 'CP-1'],
    ['/ocpp/acme/CP-1', 'acme', 'CP-1'],
    ['/ocpp/acme/CP-1/', 'acme', 'CP-1'],
    ['/ocpp/CP%201', 'default', 'CP 1'],
    ['/ocpp/S%C3%A4ule%2F7', 'default', 'Säule/7'],
    ['/ocpp/a%25b', 'default', 'a%b'],
    ['/ocpp/a%2541', 'default', 'a%41'],
    ['/ocpp/CP+1', 'default', 'CP+1'],
    ['/ocpp/ocpp/ocpp', 'ocpp', 'ocpp'],
    [`/ocpp/${'x'.repeat(255)}`, 'default', 'x'.repeat(255)],
    ['/ocpp/cp-1', 'default', 'cp-1'],
    ['/ocpp/.', 'default', '.'],
  ])('%s names a station, decoded once', (path, tenant, station) => {
    expect(good(path)).toMatchObject({ tenant, station });
  });

  test.each([
    ['/', 404],
    ['/ocpp', 404],
    ['/ocpp/', 404],
    ['/ocpp//', 404],
    ['/ocpp//CP-1', 404],
    ['/ocpp/a//b', 404],
    ['/ocpp/a/b/c', 404],
    ['/OCPP/CP-1', 404],
    ['/other/CP-1', 404],
    ['/ocpp/%', 400],
    ['/ocpp/%zz', 400],
    ['/ocpp/%ff', 400],
    ['/ocpp/CP%00', 400],
    ['/ocpp/CP%0A', 400],
    ['/ocpp/%7F', 400],
    [`/ocpp/${'x'.repeat(256)}`, 400],
    ['/ocpp/bad%0Atenant/CP', 400],
  ])('%s is refused with %d', (path, status) => {
    expect(readHandshake(path, { authorization: '', protocols: 'ocpp1.6' })).toMatchObject({ status });
  });
});

describe('the subprotocol', () => {
  test.each([
    ['ocpp1.5', 'v15'],
    ['ocpp1.6', 'v16'],
    ['ocpp2.0.1', 'v201'],
    ['ocpp2.0.1, ocpp1.6', 'v201'],
    ['ocpp1.6,ocpp2.0.1', 'v16'],
    [' ocpp9 ,\tocpp1.6 ', 'v16'],
    ['xmpp, ocpp2.0.1', 'v201'],
  ])('of "%s" is the first that is served: %s', (protocols, version) => {
    expect(good('/ocpp/CP-1', { protocols }).version?.name).toBe(version);
  });

  test('that is not offered at all leaves the version to what is known of the station', () => {
    expect(good('/ocpp/CP-1', { protocols: '' }).version).toBeUndefined();
  });

  test.each(['ocpp', 'OCPP1.6', 'ocpp1.66', 'xmpp', ','])('"%s" is refused with 400', (protocols) => {
    expect(readHandshake('/ocpp/CP-1', { authorization: '', protocols })).toMatchObject({ status: 400 });
  });
});

describe('the credentials', () => {
  test('that are absent are absent', () => {
    expect(good('/ocpp/CP-1')).toMatchObject({ username: undefined, password: undefined });
  });

  test.each<[string, string, string, Buffer]>([
    ['plain', basic('CP-1:secret'), 'CP-1', Buffer.from('secret')],
    ['with a colon in the password', basic('CP-1:a:b:c'), 'CP-1', Buffer.from('a:b:c')],
    ['with an empty password', basic('CP-1:'), 'CP-1', Buffer.alloc(0)],
    ['with an empty name', basic(':secret'), '', Buffer.from('secret')],
    ['with a name beyond ASCII', basic('Säule:geheim'), 'Säule', Buffer.from('geheim')],
    [
      'binary, as 1.6 keys are, with a colon and bytes that are no UTF-8',
      basic(Buffer.concat([Buffer.from('CP-1:'), Buffer.from([0, 0xff, 0x3a, 0xc3, 0x28, 0x0a])])),
      'CP-1',
      Buffer.from([0, 0xff, 0x3a, 0xc3, 0x28, 0x0a]),
    ],
    ['with a scheme in other letters and more space', `bAsIc   ${Buffer.from('CP-1:secret').toString('base64')} `, 'CP-1', Buffer.from('secret')],
    ['without padding', 'Basic Q1AtMTpzZWNyZXQ', 'CP-1', Buffer.from('secret')],
  ])('are read as bytes: %s', (_what, authorization, username, password) => {
    const handshake = good('/ocpp/CP-1', { authorization });
    expect({ username: handshake.username, password: handshake.password }).toEqual({ username, password });
  });

  test.each([
    ['another scheme', 'Bearer abc'],
    ['no base64', 'Basic ?!*'],
    ['no colon', basic('CP-1')],
    ['nothing encoded', 'Basic '],
    ['a word', 'Basic'],
  ])('that are wrong are not absent: %s', (_what, authorization) => {
    expect(good('/ocpp/CP-1', { authorization })).toMatchObject({ username: '', password: Buffer.alloc(0) });
  });
});
