import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { gatewayCall } from '@ohmnibus/contracts';
import { Fault } from '@ohmnibus/domain';
import { eventually, freePort } from '@ohmnibus/testkit';
import { PodFixture, ref, ThinStation } from './pod-fixture.js';

let pods: PodFixture;

beforeEach(async () => {
  pods = await PodFixture.open();
});
afterEach(() => pods.close());

const logged = (station: string) => pods.services.logged.filter((exchange) => exchange.station === station).map(({ messageId }) => messageId);

describe('a pod', () => {
  test('has the frames of a socket wait while its claim is delayed, and then answers them all', async () => {
    const { url } = await pods.start();
    pods.kit.redis!.pause();
    const station = await ThinStation.connect(`${url}/delayed`);
    for (const id of ['a', 'b', 'c']) station.send(2, id, 'StatusNotification', {});
    await expect(eventually('an answer before the claim', () => station.frames.length > 0, { timeoutMs: 300 })).rejects.toThrow('Not within 300 ms');
    pods.kit.redis!.resume();
    await station.answer('c');
    expect(station.frames.map(([, id]) => id)).toEqual(['a', 'b', 'c']);
    await station.close();
  });

  test('leaves no entry of a socket that closed while its claim was delayed', async () => {
    const { url } = await pods.start();
    pods.kit.redis!.pause();
    const station = await ThinStation.connect(`${url}/gone`);
    await station.close();
    pods.kit.redis!.resume();
    // A later station of the same pod is claimed behind it.
    const other = await ThinStation.connect(`${url}/other`);
    await pods.owned('other');
    await eventually('nothing names it', async () => (await pods.owner('gone')) === undefined);
    await other.close();
  });

  test('closes a socket with 1013 that cannot be claimed because Redis is away, and leaves no entry behind', async () => {
    const { url } = await pods.start();
    pods.kit.redis!.pause();
    const station = await ThinStation.connect(`${url}/provisional`);
    expect((await station.closed).code).toBe(1013);
    pods.kit.redis!.resume();
    const again = await eventually('it is let in again', async () => {
      const socket = await ThinStation.connect(`${url}/provisional`);
      socket.send(2, 'a', 'StatusNotification', {});
      return Promise.race([socket.answer('a').then(() => socket), socket.closed.then(() => undefined)]);
    });
    await again.close();
    await eventually('nothing names it', async () => (await pods.owner('provisional')) === undefined);
  });

  test('keeps serving sockets that it owns while Redis is away', async () => {
    const { url } = await pods.start();
    const station = await ThinStation.connect(`${url}/held`);
    expect(await station.call('a', 'StatusNotification')).toMatchObject([3, 'a', {}]);
    await pods.kit.redis!.crash();
    expect(await station.call('b', 'StatusNotification')).toMatchObject([3, 'b', {}]);
    await pods.kit.redis!.start();
    await eventually('it is put back by a round', () => pods.owner('held'));
    expect(await station.call('c', 'StatusNotification')).toMatchObject([3, 'c', {}]);
    await station.close();
  });

  test('offers to the message log again what it did not take, until it is complete', async () => {
    const { url } = await pods.start();
    const station = await ThinStation.connect(`${url}/logged`);
    await station.call('before', 'StatusNotification');
    await eventually('the first is logged', () => logged('logged').length === 1);
    await pods.services.stopLog();
    for (const id of ['a', 'b', 'c']) await station.call(id, 'StatusNotification');
    await expect(eventually('something is logged', () => logged('logged').length > 1, { timeoutMs: 1_500 })).rejects.toThrow('Not within');
    pods.services.startLog();
    await eventually('all is logged', () => logged('logged').length >= 4);
    expect(logged('logged').toSorted()).toEqual(['a', 'b', 'before', 'c']);
    await station.close();
  });

  test('answers with an error that passes while NATS is away, and goes on when it is back', async () => {
    const { url } = await pods.start();
    const station = await ThinStation.connect(`${url}/natsless`);
    await station.call('a', 'StatusNotification');
    await pods.kit.nats!.crash();
    await pods.kit.nats!.start();
    await eventually('a call is served again', async () => {
      const id = `r-${Date.now()}`;
      station.send(2, id, 'StatusNotification', {});
      const answer = await eventually('an answer', () => station.frames.find((frame) => frame[1] === id));
      return answer[0] === 3;
    }, { timeoutMs: 20_000 });
    await station.close();
  });
});

describe('a pod that stops', () => {
  test('answers the calls in work, closes its sockets with 1012 and leaves nothing that names it', async () => {
    const { pod, url } = await pods.start({ DRAIN_SECONDS: '5' });
    let release: () => void = () => undefined;
    const open = new Promise<void>((resolve) => (release = resolve));
    pods.services.answer = async () => {
      await open;
      return { kind: 'result', payload: '{"late":true}' };
    };
    const [busy, idle] = [await ThinStation.connect(`${url}/busy`), await ThinStation.connect(`${url}/idle`)];
    const { epoch } = await pods.owned('idle');
    busy.send(2, 'a', 'StatusNotification', {});
    await eventually('the call is in work', () => pods.services.calls.length === 1);
    const outcome = pods.services.bus.ask(gatewayCall, { pod: pod.name }, { ...ref('idle'), id: 'c', epoch, deadline: Date.now() + 5_000, answerTimeoutMs: 5_000, action: 'Reset', payload: '{}' });
    await eventually('the other direction is in work', () => idle.frames.length === 1);
    const stopped = pods.stop(pod);
    await eventually('nobody else comes in', () => ThinStation.connect(`${url}/late`).then(() => false, () => true));
    expect([busy.socket.readyState, idle.socket.readyState]).toEqual([1, 1]);
    release();
    idle.send(3, 'c', { status: 'Accepted' });
    expect(await busy.answer('a')).toEqual([3, 'a', { late: true }]);
    expect(await outcome).toEqual({ kind: 'result', payload: '{"status":"Accepted"}' });
    expect([(await busy.closed).code, (await idle.closed).code]).toEqual([1012, 1012]);
    await stopped;
    expect([await pods.owner('busy'), await pods.owner('idle')]).toEqual([undefined, undefined]);
    expect((await pods.presence.alivePods([pod.name])).size).toBe(0);
    expect([pods.services.phase('busy'), pods.services.phase('idle')]).toEqual(['disconnected', 'disconnected']);
    expect([logged('busy'), logged('idle')]).toEqual([['a'], ['c']]);
  });

  test('stops in time although a call is never answered', async () => {
    const { pod, url } = await pods.start({ DRAIN_SECONDS: '1' });
    pods.services.answer = () => new Promise(() => undefined);
    const station = await ThinStation.connect(`${url}/stuck`);
    station.send(2, 'a', 'StatusNotification', {});
    await eventually('the call is in work', () => pods.services.calls.length === 1);
    await pods.stop(pod);
    expect((await station.closed).code).toBe(1012);
    expect(await pods.owner('stuck')).toBeUndefined();
  });

  test('lets nobody in whose admission was under way', async () => {
    const { pod, url } = await pods.start({ DRAIN_SECONDS: '1' });
    let release: () => void = () => undefined;
    let asked = false;
    pods.services.admit = () => {
      asked = true;
      return new Promise((resolve) => (release = () => resolve({ verdict: 'admitted' })));
    };
    const halfway = ThinStation.connect(`${url}/halfway`).then(() => 'let in', (error: Error) => error.message);
    await eventually('it is asked', () => asked);
    const stopped = pods.stop(pod);
    await eventually('it listens no more', () => ThinStation.connect(`${url}/late`).then(() => false, () => true));
    release();
    await stopped;
    expect(await halfway).toMatch(/503|hang up/);
    expect(await pods.owner('halfway')).toBeUndefined();
  });
});

test('a pod that cannot decide about a station because nobody serves refuses it with 503', async () => {
  const { url } = await pods.start();
  pods.services.admit = () => {
    throw new Fault('overloaded', 'too many');
  };
  expect((await ThinStation.refusal(`${url}/anybody`)).status).toBe(503);
});

test('a port that another gateway listens on is the end of the start, and nothing of the pod stays', async () => {
  const port = String(await freePort());
  const first = await pods.start({ OCPP_PORT: port });
  const living = await pods.presence.alivePods([first.pod.name]);
  await expect(pods.start({ OCPP_PORT: port })).rejects.toThrow(`cannot listen on 127.0.0.1:${port}`);
  expect(await pods.presence.alivePods([first.pod.name, ...pods.failed])).toEqual(living);
  await (await ThinStation.connect(`${first.url}/served`)).close();
});

test('gateways that are told to share a port all serve it', async () => {
  const shared = { OCPP_PORT: String(await freePort()), PORT_SHARING: 'on' };
  const first = await pods.start(shared);
  const second = await pods.start(shared);
  expect(second.url).toBe(first.url);
  await pods.stop(first.pod);
  await (await ThinStation.connect(`${second.url}/shared`)).close();
});
