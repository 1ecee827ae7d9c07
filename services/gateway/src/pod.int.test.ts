import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { disconnectStation, gatewayCall, stationChanged, type GatewayCall } from '@ohmnibus/contracts';
import { Fault } from '@ohmnibus/domain';
import { eventually } from '@ohmnibus/testkit';
import type { Pod } from './pod.js';
import { PodFixture, ref, Services, ThinStation } from './pod-fixture.js';

let pods: PodFixture;
let services: Services;
let first: { pod: Pod; url: string };
let second: { pod: Pod; url: string };

beforeAll(async () => {
  pods = await PodFixture.open();
  services = pods.services;
  [first, second] = await Promise.all([pods.start({ POD: 'one' }), pods.start({ POD: 'two' })]);
});
beforeEach(() => {
  services.admit = () => ({ verdict: 'admitted' });
  services.answer = (call) => ({ kind: 'result', payload: JSON.stringify({ served: call.action }) });
});
afterAll(() => pods.close());

const callOf = (station: string, epoch: number, more: Partial<GatewayCall> = {}): GatewayCall => ({
  ...ref(station),
  id: `${station}-${Math.round(Math.random() * 1e9)}`,
  epoch,
  deadline: Date.now() + 5_000,
  answerTimeoutMs: 5_000,
  action: 'Reset',
  payload: '{"type":"Soft"}',
  ...more,
});

describe('an upgrade', () => {
  test.each([
    ['of an unknown station is refused with 404', () => ({ verdict: 'unknown' as const }), 404],
    ['with wrong credentials is refused with 401', () => ({ verdict: 'unauthenticated' as const, reason: 'wrong password' }), 401],
    ['that nobody can decide is refused with 503', () => Promise.reject(new Fault('unavailable', 'the database is away')), 503],
    ['whose decision is a defect is refused with 503', () => Promise.reject(new TypeError('x')), 503],
  ] as const)('%s', async (_what, admit, status) => {
    services.admit = admit;
    const refusal = await ThinStation.refusal(`${first.url}/refused`);
    expect(refusal.status).toBe(status);
    if (status === 401) expect(refusal.headers['www-authenticate']).toMatch(/^Basic/);
    if (status === 503) expect(Number(refusal.headers['retry-after'])).toBeGreaterThan(0);
    expect(refusal.body).not.toContain('TypeError');
  });

  test.each([
    ['no common subprotocol', 'refused', 'xmpp', 400],
    ['an identity that cannot be decoded', '%ff', 'ocpp1.6', 400],
    ['a path too many', 'a/b/c', 'ocpp1.6', 404],
  ])('with %s is refused before anybody is asked', async (_what, path, protocol, status) => {
    let asked = 0;
    services.admit = () => ({ verdict: ++asked ? 'admitted' : 'admitted' });
    expect((await ThinStation.refusal(`${first.url}/${path}`, protocol)).status).toBe(status);
    expect(asked).toBe(0);
  });

  test('passes on the identity, decoded, and the bytes of the credentials', async () => {
    let asked: object | undefined;
    services.admit = (request) => {
      asked = request;
      return { verdict: 'admitted' };
    };
    const password = Buffer.from([0xff, 0x3a, 0x00, 0x80]);
    const authorization = `Basic ${Buffer.concat([Buffer.from('S 1:'), password]).toString('base64')}`;
    const station = await ThinStation.connect(`${first.url}/acme/S%201`, 'ocpp1.6', { headers: { authorization } });
    expect(asked).toEqual({ tenant: 'acme', station: 'S 1', username: 'S 1', password, secure: false, certificate: undefined, protocol: 'v16' });
    await station.close();
  });

  test('speaks the first version of the station’s list that is served', async () => {
    const station = await ThinStation.connect(`${first.url}/lists`, ['ocpp9', 'ocpp2.0.1', 'ocpp1.6']);
    expect(station.socket.protocol).toBe('ocpp2.0.1');
    await station.close();
  });

  test.each([
    ['ocpp1.6', ''],
    ['ocpp2.0.1', 'permessage-deflate'],
  ])('of %s has compression only where the version asks for it: "%s"', async (protocol, extension) => {
    const station = await ThinStation.connect(`${first.url}/deflate`, protocol, { perMessageDeflate: { threshold: 0 } });
    expect(station.socket.extensions.split(';')[0]).toBe(extension);
    expect(await station.call('1', 'StatusNotification', { padding: 'x'.repeat(5_000) })).toEqual([3, '1', { served: 'StatusNotification' }]);
    await station.close();
  });

  test('that is not one is answered with 404', async () => {
    const response = await fetch(first.url.replace('ws:', 'http:'));
    expect(response.status).toBe(404);
  });

  test('is remembered for a while where so configured, for the very same credentials, until the station changes', async () => {
    const remembering = await pods.start({ POD: 'remembering', ADMISSION_CACHE_SECONDS: '60' });
    let asked = 0;
    services.admit = () => {
      asked++;
      return { verdict: 'admitted' };
    };
    const connect = async (password: string) => {
      const authorization = `Basic ${Buffer.from(`memory:${password}`).toString('base64')}`;
      await (await ThinStation.connect(`${remembering.url}/memory`, 'ocpp1.6', { headers: { authorization } })).close();
    };
    await connect('a');
    await connect('a');
    expect(asked).toBe(1);
    await connect('b');
    expect(asked).toBe(2);
    services.bus.tell(stationChanged, {}, { ...ref('memory'), change: 'credentials' });
    await eventually('it is forgotten', async () => {
      await connect('b');
      return asked > 2;
    });
    await pods.stop(remembering.pod);
  });
});

test('an admission that is older than a change of the station is not remembered', async () => {
  const remembering = await pods.start({ POD: 'remembering', ADMISSION_CACHE_SECONDS: '60' });
  let asked = 0;
  services.admit = () => {
    // It arrives before the answer, which is older.
    if (++asked === 1) services.bus.tell(stationChanged, {}, { ...ref('changing'), change: 'credentials' });
    return { verdict: 'admitted' };
  };
  for (const expected of [1, 2, 2]) {
    await (await ThinStation.connect(`${remembering.url}/changing`)).close();
    expect(asked).toBe(expected);
  }
  await pods.stop(remembering.pod);
});

describe('a frame', () => {
  test('is answered by the service that serves it, with the stamp of its connection', async () => {
    const station = await ThinStation.connect(`${first.url}/stamped`);
    expect(await station.call('a', 'StatusNotification')).toEqual([3, 'a', { served: 'StatusNotification' }]);
    const { epoch } = await pods.owned('stamped');
    expect(services.calls.findLast(({ origin }) => origin.station === 'stamped')).toMatchObject({ origin: { ...ref('stamped'), protocol: 'v16', epoch, frame: 1 }, messageId: 'a', action: 'StatusNotification' });
    await eventually('it is logged', () => services.logged.some(({ station: of, messageId }) => of === 'stamped' && messageId === 'a'));
    await station.close();
    await eventually('the end is reported', () => services.phase('stamped') === 'disconnected');
    await eventually('nothing names it', async () => (await pods.owner('stamped')) === undefined);
  });

  test('above the limit closes the socket with 1009', async () => {
    const station = await ThinStation.connect(`${first.url}/large`);
    await pods.owned('large');
    station.send(2, 'a', 'DataTransfer', { data: 'x'.repeat(262_144) });
    expect((await station.closed).code).toBe(1009);
    const other = await ThinStation.connect(`${first.url}/large`);
    expect(await other.call('b', 'DataTransfer', { data: 'x'.repeat(262_000) })).toMatchObject([3, 'b', {}]);
    await other.close();
  });

  test('of a service that nobody serves is answered with an error that passes', async () => {
    services.answer = () => Promise.reject(new Fault('unavailable', 'the database is away'));
    const station = await ThinStation.connect(`${first.url}/away`);
    expect((await station.call('a', 'StatusNotification')).slice(0, 3)).toEqual([4, 'a', 'InternalError']);
    services.answer = () => ({ kind: 'result', payload: '{}' });
    expect(await station.call('b', 'StatusNotification')).toEqual([3, 'b', {}]);
    await station.close();
  });
});

describe('a call to a station', () => {
  test('is written to the socket of that epoch, once, and answered', async () => {
    const station = await ThinStation.connect(`${first.url}/called`);
    const { epoch, pod } = await pods.owned('called');
    const call = callOf('called', epoch);
    const outcome = services.bus.ask(gatewayCall, { pod }, call);
    const [, id, action, payload] = await eventually('the call arrives', () => station.frames.find(([type]) => type === 2));
    expect([id, action, payload]).toEqual([call.id, 'Reset', { type: 'Soft' }]);
    station.send(3, id, { status: 'Accepted' });
    expect(await outcome).toEqual({ kind: 'result', payload: '{"status":"Accepted"}' });
    expect(await services.bus.ask(gatewayCall, { pod }, call)).toEqual({ kind: 'not-written', reason: 'repeated' });
    expect(await services.bus.ask(gatewayCall, { pod }, callOf('called', epoch - 1))).toEqual({ kind: 'stale' });
    expect(await services.bus.ask(gatewayCall, { pod }, callOf('nobody', epoch))).toEqual({ kind: 'stale' });
    await station.close();
  });

  test('that the station cuts off is lost at once', async () => {
    const station = await ThinStation.connect(`${first.url}/cut`);
    const { epoch, pod } = await pods.owned('cut');
    const outcome = services.bus.ask(gatewayCall, { pod }, callOf('cut', epoch));
    await eventually('the call arrives', () => station.frames.length > 0);
    station.socket.terminate();
    expect(await outcome).toEqual({ kind: 'unanswered', reason: 'connection-lost' });
  });
});

describe('that a station is connected', () => {
  const boot = { chargePointVendor: 'v', chargePointModel: 'm' };
  const reported = (name: string) => services.reports.filter(({ station, phase }) => station === name && phase === 'connected');
  const brought = (name: string) => services.calls.filter(({ origin, connected }) => origin.station === name && connected);

  test('goes with its boot, once, and is not reported again', async () => {
    const station = await ThinStation.connect(`${first.url}/boots`);
    await station.call('a', 'BootNotification', boot);
    await station.call('b', 'BootNotification', boot);
    const { epoch, pod } = await pods.owned('boots');
    await station.close();
    await eventually('its end is reported', () => services.phase('boots') === 'disconnected');
    expect(reported('boots')).toMatchObject([{ epoch, pod, protocol: 'v16', remoteAddress: expect.stringMatching(/127\.0\.0\.1$/) }]);
    expect(brought('boots').map(({ messageId }) => messageId)).toEqual(['a']);
  });

  test('is reported without a boot, be it that none comes or that the station goes before', async () => {
    const silent = await ThinStation.connect(`${first.url}/silent`);
    await eventually('it is reported', () => reported('silent').length === 1);
    await silent.close();
    const brief = await ThinStation.connect(`${first.url}/brief`);
    await pods.owned('brief');
    await brief.close();
    await eventually('its end is reported', () => services.phase('brief') === 'disconnected');
    expect(services.reports.filter(({ station }) => station === 'brief').map(({ phase }) => phase)).toEqual(['connected', 'disconnected']);
    expect([...brought('silent'), ...brought('brief')]).toEqual([]);
  });

  test('is reported again if the boot that it went with failed', async () => {
    services.answer = () => Promise.reject(new Fault('unavailable', 'the database is away'));
    const station = await ThinStation.connect(`${first.url}/failed-boot`);
    expect((await station.call('a', 'BootNotification', boot))[0]).toBe(4);
    expect(brought('failed-boot')).toHaveLength(1);
    await eventually('it is reported by itself', () => reported('failed-boot').length === 2, { timeoutMs: 30_000 });
    await station.close();
  }, 40_000);
});

describe('a second socket of a station', () => {
  test('on the same pod closes the first, whose late close changes nothing', async () => {
    const older = await ThinStation.connect(`${first.url}/again`);
    const before = await pods.owned('again');
    const newer = await ThinStation.connect(`${first.url}/again`);
    expect((await older.closed).code).toBe(1008);
    expect(await newer.call('a', 'StatusNotification')).toMatchObject([3, 'a', {}]);
    const after = await pods.owned('again');
    expect(after.epoch).toBeGreaterThan(before.epoch);
    await eventually('the newer is reported', () => services.reports.some(({ station, phase, epoch }) => station === 'again' && phase === 'connected' && epoch === after.epoch));
    await newer.close();
  });

  test('on another pod closes the first, and that pod holds nothing of it', async () => {
    const older = await ThinStation.connect(`${first.url}/moves`);
    const before = await pods.owned('moves');
    const newer = await ThinStation.connect(`${second.url}/moves`);
    expect((await older.closed).code).toBe(1008);
    const after = await pods.owned('moves');
    expect(after.pod).not.toBe(before.pod);
    expect(after.epoch).toBeGreaterThan(before.epoch);
    expect(await services.bus.ask(gatewayCall, { pod: before.pod }, callOf('moves', before.epoch))).toEqual({ kind: 'stale' });
    expect(await newer.call('a', 'StatusNotification')).toMatchObject([3, 'a', {}]);
    expect(await pods.owner('moves')).toEqual(after);
    await newer.close();
  });
});

describe('an operator', () => {
  test('has a station disconnected, and one that is deleted is', async () => {
    const station = await ThinStation.connect(`${first.url}/unwanted`);
    const { pod } = await pods.owned('unwanted');
    expect(await services.bus.ask(disconnectStation, { pod }, ref('unwanted'))).toEqual({ closed: 1 });
    expect((await station.closed).code).toBe(1008);
    const again = await ThinStation.connect(`${second.url}/unwanted`);
    await pods.owned('unwanted');
    services.bus.tell(stationChanged, {}, { ...ref('unwanted'), change: 'credentials' });
    services.bus.tell(stationChanged, {}, { ...ref('unwanted'), change: 'deleted' });
    expect((await again.closed).code).toBe(1008);
  });

  test('has a station come again whose certificate was taken back', async () => {
    const station = await ThinStation.connect(`${first.url}/revoked`);
    await pods.owned('revoked');
    services.bus.tell(stationChanged, {}, { ...ref('revoked'), change: 'revoked' });
    expect((await station.closed).code).toBe(1008);
  });
});
