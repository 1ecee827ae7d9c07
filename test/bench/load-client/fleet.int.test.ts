import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { eventually } from '@ohmnibus/testkit';
import { WebSocketServer, type WebSocket } from 'ws';
import type { AddressInfo } from 'node:net';
import { Fleet } from './fleet.js';
import { sumOf } from './tally.js';

type Call = [type: number, id: string, action: string, payload: Record<string, unknown>];

let server: WebSocketServer;
let port: number;
/** What the server answers; it is changed by a test that wants it to be wrong. */
let reply = (call: Call) => right(call);
const calls: Call[] = [];
const sockets: WebSocket[] = [];

function right([, id, action]: Call): unknown {
  const payloads: Record<string, unknown> = {
    Heartbeat: { currentTime: new Date().toISOString() },
    BootNotification: { status: 'Accepted' },
    StartTransaction: { transactionId: calls.length, idTagInfo: { status: 'Accepted' } },
    StopTransaction: { idTagInfo: { status: 'Accepted' } },
  };
  return [3, id, payloads[action] ?? {}];
}

beforeAll(async () => {
  server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  server.on('connection', (socket) => {
    sockets.push(socket);
    socket.on('message', (data: Buffer) => {
      const call = JSON.parse(data.toString()) as Call;
      if (call[0] !== 2) return;
      calls.push(call);
      const answer = reply(call);
      if (answer !== undefined) socket.send(JSON.stringify(answer));
    });
  });
  await eventually('the server listens', () => server.address());
  port = (server.address() as AddressInfo).port;
});

afterAll(() => {
  for (const socket of sockets) socket.terminate();
  server.close();
});

async function fleetOf(stations: number): Promise<Fleet> {
  const fleet = new Fleet();
  fleet.target({ host: '127.0.0.1', port, stationPrefix: 'S' });
  await fleet.open({ stations, bringUp: true });
  return fleet;
}

test('every answer is counted, every message has an id of its own, and readings name the transaction that was begun', async () => {
  calls.length = 0;
  const fleet = await fleetOf(5);
  fleet.start({ kind: 'saturated' });
  await eventually('each station has been through a charge', () => calls.length > 200);
  const report = await fleet.stop();
  expect(report).toMatchObject({ lost: 0, wrong: 0, closed: [] });
  expect(sumOf(report.tally).count).toBe(calls.length);
  expect(new Set(calls.map(([, id]) => id)).size).toBe(calls.length);
  const begun = new Set(calls.map((_, i) => i + 1));
  for (const [, , action, payload] of calls) if (action === 'MeterValues') expect(begun.has(payload['transactionId'] as number)).toBe(true);
  await fleet.open({ stations: 0, bringUp: false });
});

test('no more is in flight than was asked for', async () => {
  const fleet = await fleetOf(8);
  calls.length = 0;
  reply = () => undefined;
  fleet.start({ kind: 'in-flight', limit: 3 });
  await eventually('three are in flight', () => calls.length >= 3);
  expect(calls).toHaveLength(3);
  reply = right;
  await fleet.open({ stations: 0, bringUp: false });
});

test('an answer with a wrong id is counted, and so is a socket that closes', async () => {
  const fleet = await fleetOf(2);
  reply = () => [3, '9999999999', {}];
  fleet.start({ kind: 'saturated' });
  await eventually('both stations had their answer', () => fleet.tally.wrong === 2);
  reply = right;
  expect(await fleet.stop()).toMatchObject({ answered: 0, wrong: 2 });
  const open = sockets.filter(({ readyState }) => readyState === 1);
  fleet.start({ kind: 'saturated' });
  open[0]!.terminate();
  await eventually('the station has noticed', async () => (await fleet.stop()).closed.length > 0);
  await fleet.open({ stations: 0, bringUp: false });
});

test('stations do what they are asked to', async () => {
  const fleet = await fleetOf(1);
  const socket = sockets.at(-1)!;
  const answered = new Promise<string>((resolve) => {
    socket.once('message', (data: Buffer) => resolve(data.toString()));
  });
  socket.send('[2,"ask-1","ClearCache",{}]');
  expect(JSON.parse(await answered)).toEqual([3, 'ask-1', { status: 'Accepted' }]);
  await fleet.open({ stations: 0, bringUp: false });
});

test('a station that is cut off at the door comes again', async () => {
  const before = sockets.length;
  const cut = (socket: WebSocket) => {
    server.off('connection', cut);
    socket.terminate();
  };
  server.on('connection', cut);
  const fleet = await fleetOf(2);
  expect(sockets.length - before).toBe(3);
  await fleet.open({ stations: 0, bringUp: false });
});
