import { afterEach, describe, expect, test } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { eventually } from '@ohmnibus/testkit';
import { assertInvariants } from '../invariants.js';
import { RawSocket } from '../raw-socket.js';
import { operator, system, useSystem } from '../running.js';
import type { GatewayName } from '../system.js';

const slowGateway: GatewayName = 'gateway-1';
const gateways = ['gateway-1', 'gateway-2'] as const;

const sockets: RawSocket[] = [];

useSystem({ wires: ['gateway-1 REDIS_URL'] });
afterEach(async () => {
  system.service(slowGateway).kill('SIGCONT');
  await assertInvariants(system);
  expect(system.defects()).toEqual([]);
  await Promise.all(sockets.splice(0).map((socket) => socket.close()));
  await assertInvariants(system);
});

async function known(): Promise<string> {
  const id = `OWNED-${randomUUID().slice(0, 8)}`;
  await operator.knows(id);
  return id;
}

async function open(gateway: GatewayName, id: string): Promise<RawSocket> {
  const socket = await RawSocket.open(`${system.ocppUrl(gateway)}/${id}`);
  sockets.push(socket);
  return socket;
}

/** A socket that owns its station: nothing is answered before. */
async function owning(gateway: GatewayName, id: string): Promise<RawSocket> {
  const socket = await open(gateway, id);
  await socket.call('Heartbeat', {});
  return socket;
}

/** The station is online where the socket is, commands arrive there, and its facts are answered. */
async function expectReachable(id: string, gateway: GatewayName, socket: RawSocket): Promise<void> {
  expect(socket.closed).toBeUndefined();
  expect((await socket.call('Heartbeat', {}))[0]).toBe(3);
  const before = socket.calls('ClearCache').length;
  const answered = operator.send(id, 'ClearCache', {});
  const [, message] = await eventually('the command is on the wire', () => socket.calls('ClearCache')[before]);
  socket.send(JSON.stringify([3, message, { status: 'Accepted' }]));
  expect(await answered).toMatchObject({ state: 'accepted' });
  await eventually('the station is online at the newer socket', async () => {
    const { body } = await system.rest('GET', `/stations/${id}/connection`);
    const [row] = await operator.rows<{ online: boolean; pod: string }>('SELECT online, pod FROM station WHERE id = $1', id);
    return system.pods().get(String(body['pod'])) === gateway && row?.online && row.pod === body['pod'];
  });
}

describe('the newest connection wins', () => {
  test.each(gateways)('over an older one on the first gateway, when it opens on %s', async (gateway) => {
    const id = await known();
    const older = await owning('gateway-1', id);
    const newer = await owning(gateway, id);
    expect(await older.whenClosed()).toBe(1008);
    await expectReachable(id, gateway, newer);
  });

  test('and a call in work on the older one ends as unknown at once, without being written again', async () => {
    const id = await known();
    const older = await owning('gateway-1', id);
    const outcome = operator.send(id, 'ClearCache', {}, 60);
    await eventually('the command is on the wire', () => older.calls('ClearCache').length === 1);
    const newer = await owning('gateway-2', id);
    expect(await outcome).toMatchObject({ state: 'unknown', result: { type: 'none', reason: 'connection-lost' } });
    expect(newer.calls('ClearCache')).toEqual([]);
    await expectReachable(id, 'gateway-2', newer);
  });
});

describe('a late close of an older socket leaves the newer one online and reachable', () => {
  test('on another gateway, that was frozen while the station moved', async () => {
    const id = await known();
    const older = await owning(slowGateway, id);
    system.service(slowGateway).kill('SIGSTOP');
    const newer = await owning('gateway-2', id);
    older.terminate();
    system.service(slowGateway).kill('SIGCONT');
    await eventually('the frozen gateway has seen the close', async () => (await system.metric(slowGateway, 'connections')) === 0);
    await assertInvariants(system);
    await expectReachable(id, 'gateway-2', newer);
  });

  test('on the same gateway, whose release is under way when the newer one claims', async () => {
    const id = await known();
    const wire = system.wire('gateway-1 REDIS_URL');
    const older = await owning(slowGateway, id);
    wire.hold('up');
    older.terminate();
    await eventually('the release is on the wire', () => wire.waiting('up') > 0);
    const newer = await open(slowGateway, id);
    wire.release('up');
    await expectReachable(id, slowGateway, newer);
  });

  test('on the same gateway, when it closes while the newer one claims', async () => {
    const id = await known();
    const wire = system.wire('gateway-1 REDIS_URL');
    const older = await owning(slowGateway, id);
    wire.hold('up');
    const newer = await open(slowGateway, id);
    await older.whenClosed();
    wire.release('up');
    await expectReachable(id, slowGateway, newer);
  });
});

describe('a claim of an older socket that is delayed past the newer one\'s is refused', () => {
  /** Sockets that are as close as this cannot be told apart for sure. */
  const oldEnough = (since: number) => eventually('the older socket is old enough to be told from the newer', () => Date.now() - since > 2_200);

  test('on another gateway', async () => {
    const id = await known();
    const wire = system.wire('gateway-1 REDIS_URL');
    wire.hold('up');
    const openedAt = Date.now();
    const older = await open(slowGateway, id);
    await eventually('the claim is on the wire', () => wire.waiting('up') > 0);
    await oldEnough(openedAt);
    const newer = await owning('gateway-2', id);
    wire.release('up');
    expect(await older.whenClosed()).toBe(1008);
    await expectReachable(id, 'gateway-2', newer);
  });

  test('on another gateway, even if the claim was given up and runs all the same', async () => {
    const id = await known();
    const wire = system.wire('gateway-1 REDIS_URL');
    wire.hold('up');
    const older = await open(slowGateway, id);
    expect(await older.whenClosed()).toBe(1013);
    const newer = await owning('gateway-2', id);
    wire.release('up');
    await assertInvariants(system);
    await expectReachable(id, 'gateway-2', newer);
  });

  test('on the same gateway', async () => {
    const id = await known();
    const wire = system.wire('gateway-1 REDIS_URL');
    wire.hold('up');
    const openedAt = Date.now();
    const older = await open(slowGateway, id);
    await oldEnough(openedAt);
    const newer = await open(slowGateway, id);
    wire.release('up');
    expect(await older.whenClosed()).toBe(1008);
    await expectReachable(id, slowGateway, newer);
  });
});

describe('a command without an answer', () => {
  test('is unknown after its time, was written once, and a late answer changes nothing', async () => {
    const id = await known();
    const socket = await owning('gateway-1', id);
    const { status, body } = await system.rest('POST', `/stations/${id}/commands`, { action: 'ClearCache', payload: {}, timeoutSeconds: 3 });
    expect({ status, body }).toMatchObject({ status: 200, body: { state: 'unknown', result: { type: 'none', reason: 'timeout' } } });
    const [[, message] = [], ...others] = socket.calls('ClearCache');
    expect(others).toEqual([]);
    socket.send(JSON.stringify([3, message, { status: 'Accepted' }]));
    await expectReachable(id, 'gateway-1', socket);
    // That one was another command; the first was never written again.
    expect(socket.calls('ClearCache').map(([, written]) => written === message)).toEqual([true, false]);
    expect((await system.rest('GET', `/commands/${String(body['id'])}`)).body).toMatchObject({ state: 'unknown' });
  });

  test('is not written to a socket that opens after its time', async () => {
    const id = await known();
    await owning('gateway-2', id).then((socket) => socket.close());
    expect(await operator.send(id, 'ClearCache', {}, 1)).toMatchObject({ state: 'failed', result: { type: 'none', reason: 'offline' } });
    const socket = await owning('gateway-1', id);
    expect(socket.calls('ClearCache')).toEqual([]);
    await expectReachable(id, 'gateway-1', socket);
  });
});
