import { beforeAll, expect, test } from '@jest/globals';
import { assertInvariants } from '../invariants.js';
import { RawSocket, refusal, type RawSocketOptions } from '../raw-socket.js';
import { operator, system, useSystem } from '../running.js';

let counts: Record<string, number>;
let pids: number[];

/** Of a station's row, what a refused handshake could have changed. */
const stationState = () => operator.rows('SELECT id, online, epoch, pod, protocol FROM station ORDER BY id');
let before: unknown;

const key = '0001020304050607FFFEFDFC3A00AA550D0A1B3C';

useSystem({ only: ['session', 'transaction', 'gateway-1'] });
beforeAll(async () => {
  await operator.knows('OPEN', 'Ünïcode ⚡/1', '100%');
  await operator.knowsWithPassword('GUARDED', 'a long password');
  await operator.knowsWithPassword('GUARDED-2', 'another password');
  await operator.knowsWithPassword('BINARY', key);
  counts = await operator.rowCounts();
  before = await stationState();
  pids = [...system.services.values()].map(({ pid }) => pid);
});

const url = (path: string) => system.ocppUrl('gateway-1').replace(/\/ocpp$/, path);
const basic = (credentials: string | Buffer): RawSocketOptions => ({ headers: { authorization: `Basic ${Buffer.from(credentials).toString('base64')}` } });
const offering = (...protocols: string[]): RawSocketOptions => ({ protocols });
const authorization = (value: string): RawSocketOptions => ({ headers: { authorization: value } });

const refused: readonly (readonly [name: string, status: number, path: string, options?: RawSocketOptions])[] = [
  ['no subprotocol', 400, '/ocpp/OPEN', offering()],
  ['an older subprotocol', 400, '/ocpp/OPEN', offering('ocpp1.2')],
  ['a newer subprotocol', 400, '/ocpp/OPEN', offering('ocpp2.1')],
  ['a foreign subprotocol', 400, '/ocpp/OPEN', offering('mqtt')],
  ['several subprotocols, none of ours', 400, '/ocpp/OPEN', offering('ocpp1.2', 'ocpp2.0')],
  ['a subprotocol in other letters', 400, '/ocpp/OPEN', offering('OCPP1.6')],
  ['an unknown station', 404, '/ocpp/NOBODY'],
  ['an unknown station with credentials', 404, '/ocpp/NOBODY', basic('NOBODY:a long password')],
  ['a station in other letters', 404, '/ocpp/open'],
  ['a known station of an unknown tenant', 404, '/ocpp/nowhere/OPEN'],
  ['no path', 404, '/'],
  ['a path without a station', 404, '/ocpp'],
  ['an empty station', 404, '/ocpp/'],
  ['an empty tenant', 404, '/ocpp//OPEN'],
  ['a path of one part too many', 404, '/ocpp/default/OPEN/more'],
  ['another path', 404, '/ocpp16/OPEN'],
  ['a path that climbs', 404, '/ocpp/..%2Focpp%2FOPEN'],
  ['an identity encoded twice', 404, '/ocpp/100%2525'],
  ['an identity that is no UTF-8', 400, '/ocpp/%FF%FE'],
  ['an identity that ends in half an escape', 400, '/ocpp/OPEN%2'],
  ['an identity with a NUL in it', 400, '/ocpp/OPEN%00'],
  ['an identity with a line break in it', 400, '/ocpp/OPEN%0D%0A'],
  ['an identity that is far too long', 400, `/ocpp/${'x'.repeat(300)}`],
  ['no credentials', 401, '/ocpp/GUARDED'],
  ['a wrong password', 401, '/ocpp/GUARDED', basic('GUARDED:a wrong password')],
  ['a password that goes on', 401, '/ocpp/GUARDED', basic('GUARDED:a long password!')],
  ['a password that ends early', 401, '/ocpp/GUARDED', basic('GUARDED:a long passwor')],
  ['a password in other letters', 401, '/ocpp/GUARDED', basic('GUARDED:A LONG PASSWORD')],
  ['an empty password', 401, '/ocpp/GUARDED', basic('GUARDED:')],
  ['no colon', 401, '/ocpp/GUARDED', basic('GUARDED')],
  ['nothing but a colon', 401, '/ocpp/GUARDED', basic(':')],
  ['no user', 401, '/ocpp/GUARDED', basic(':a long password')],
  ['another user', 401, '/ocpp/GUARDED', basic('OPEN:a long password')],
  ['another station\'s credentials', 401, '/ocpp/GUARDED', basic('GUARDED-2:another password')],
  ['another station\'s password', 401, '/ocpp/GUARDED', basic('GUARDED:another password')],
  ['a password of other bytes', 401, '/ocpp/GUARDED', basic(Buffer.concat([Buffer.from('GUARDED:'), Buffer.from([0xff, 0x00, 0x3a])]))],
  ['a password far too long', 401, '/ocpp/GUARDED', basic(`GUARDED:${'x'.repeat(2_000)}`)],
  ['another scheme', 401, '/ocpp/GUARDED', authorization('Bearer YSBsb25nIHBhc3N3b3Jk')],
  ['a scheme without credentials', 401, '/ocpp/GUARDED', authorization('Basic')],
  ['credentials that are no base64', 401, '/ocpp/GUARDED', authorization('Basic GUARDED:a long password')],
  ['half of a binary key', 401, '/ocpp/BINARY', basic(Buffer.concat([Buffer.from('BINARY:'), Buffer.from(key, 'hex').subarray(0, 10)]))],
];

test.each(refused.map(([name, status, path, options]) => ({ name, status, path, options })))('$name is refused with HTTP $status', async ({ status, path, options }) => {
  expect(await refusal(url(path), options)).toBe(status);
});

test('a request that is no upgrade gets a word of explanation', async () => {
  const response = await fetch(url('/ocpp/OPEN').replace('ws:', 'http:'));
  expect({ status: response.status, text: await response.text() }).toEqual({ status: 404, text: expect.stringContaining('OCPP') });
});

test('none of them left a trace, and no process died or told of a defect', async () => {
  expect(await operator.rowCounts()).toEqual(counts);
  expect(await stationState()).toEqual(before);
  expect([...system.services.values()].map(({ pid }) => pid).filter((pid) => process.kill(pid, 0))).toEqual(pids);
  expect(system.defects()).toEqual([]);
});

test.each<[name: string, path: string, options: RawSocketOptions, protocol: string]>([
  ['the first subprotocol of its list that is known', '/ocpp/OPEN', offering('ocpp2.1', 'ocpp2.0.1', 'ocpp1.6'), 'ocpp2.0.1'],
  ['the tenant in its path', '/ocpp/default/OPEN', offering('ocpp1.6'), 'ocpp1.6'],
  ['an identity of any characters', `/ocpp/${encodeURIComponent('Ünïcode ⚡/1')}`, offering('ocpp1.6'), 'ocpp1.6'],
  ['an identity encoded once', '/ocpp/100%25', offering('ocpp1.6'), 'ocpp1.6'],
  ['its password', '/ocpp/GUARDED', basic('GUARDED:a long password'), 'ocpp1.6'],
  ['a scheme in other letters', '/ocpp/GUARDED', authorization(`bASIC ${Buffer.from('GUARDED:a long password').toString('base64')}`), 'ocpp1.6'],
  ['its key as bytes', '/ocpp/BINARY', basic(Buffer.concat([Buffer.from('BINARY:'), Buffer.from(key, 'hex')])), 'ocpp1.6'],
  ['its key as digits', '/ocpp/BINARY', basic(`BINARY:${key}`), 'ocpp1.6'],
  ['its key as digits in other letters', '/ocpp/BINARY', basic(`BINARY:${key.toLowerCase()}`), 'ocpp1.6'],
])('a station comes in with %s', async (_name, path, options, protocol) => {
  const socket = await RawSocket.open(url(path), options);
  expect(socket.protocol).toBe(protocol);
  expect((await socket.call('Heartbeat', {}))[0]).toBe(3);
  await socket.close();
});

test('a changed password ends what was remembered of the old one, and an open socket stays', async () => {
  const socket = await RawSocket.open(url('/ocpp/GUARDED'), basic('GUARDED:a long password'));
  await operator.knowsWithPassword('GUARDED', 'a new password');
  expect(await refusal(url('/ocpp/GUARDED'), basic('GUARDED:a long password'))).toBe(401);
  expect((await socket.call('Heartbeat', {}))[0]).toBe(3);
  const newer = await RawSocket.open(url('/ocpp/GUARDED'), basic('GUARDED:a new password'));
  expect(await socket.whenClosed()).toBe(1008);
  expect((await newer.call('Heartbeat', {}))[0]).toBe(3);
  await newer.close();
  await assertInvariants(system);
});
