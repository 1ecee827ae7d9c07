import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { assertInvariants } from '../invariants.js';
import type { Recording } from '../invariants/logged-frames.js';
import { belatedTables } from '../operator.js';
import { RawSocket } from '../raw-socket.js';
import { operator, system, useSystem } from '../running.js';
import { protocols } from '../stations.js';
import { badFrames, type Reaction } from './bad-frames.js';

let pids: number[];
/** All that went over any socket, but for what ended it. */
const seen: Recording[] = [];

useSystem({ only: ['session', 'transaction', 'gateway-1'] });
beforeAll(async () => {
  pids = running();
  await operator.accepts('TAG');
});

/** Processes that have not ended. */
function running(): number[] {
  return [...system.services.values()].map(({ pid }) => pid).filter((pid) => process.kill(pid, 0));
}

/** The CALLERROR or the result that a frame should get; undefined for none. */
function answerTo(frame: string, reaction: Reaction): unknown[] | undefined {
  if (reaction === 'silence') return undefined;
  if (typeof reaction === 'object') return [4, '-1', reaction.withoutId, expect.any(String), expect.any(Object)];
  const [, id = ''] = /^\s*\[\s*\d+\s*,\s*("(?:[^"\\]|\\.)*"|\d+)/.exec(frame) ?? [];
  const same = JSON.parse(id) as unknown;
  return reaction === 'result' ? [3, same, { currentTime: expect.any(String) }] : [4, same, reaction, expect.any(String), expect.any(Object)];
}

describe.each(protocols)('in %s', (protocol) => {
  const station = `BAD-${protocol}`;
  let socket: RawSocket;
  let counts: Record<string, number>;
  let heartbeats = 0;

  async function connect(): Promise<void> {
    socket = await RawSocket.open(`${system.ocppUrl('gateway-1')}/${station}`, { protocols: [protocol] });
    await expectHeartbeat();
    // The answer to a later Heartbeat proves that what was sent before has arrived.
    seen.push({ station, frames: socket.frames });
    counts = await stored();
  }

  const stored = () => operator.rowCounts(...belatedTables);

  async function expectHeartbeat(): Promise<void> {
    expect(await socket.call('Heartbeat', {}, `good-${++heartbeats}`)).toEqual([3, `good-${heartbeats}`, { currentTime: expect.any(String) }]);
  }

  beforeAll(async () => {
    await operator.knows(station);
    await connect();
  });
  afterAll(() => socket?.close());

  test.each(badFrames[protocol].map(([name, frame, reaction]) => ({ name, frame, reaction })))('$name: $reaction', async ({ frame, reaction }) => {
    const before = socket.received.length;
    socket.send(frame);
    await expectHeartbeat();
    // Frames are answered in order: whatever the bad one got came before the heartbeat's answer.
    const answers = socket.received.slice(before, -1).map((text) => JSON.parse(text) as unknown);
    const answer = answerTo(frame.toString(), reaction);
    expect(answers).toEqual(answer ? [answer] : []);
    expect(await stored()).toEqual(counts);
  });

  test('a repeated id is answered as often as it is sent', async () => {
    for (let times = 0; times < 3; times++) socket.send('[2,"again","Heartbeat",{}]');
    await expectHeartbeat();
    expect(socket.received.slice(-4, -1).map((text) => text.slice(0, 11))).toEqual(Array.from({ length: 3 }, () => '[3,"again",'));
  });

  test('a binary frame is read like a text frame', async () => {
    socket.send(Buffer.from('[2,"binary","Heartbeat",{}]'), { binary: true });
    expect((await socket.answerTo('binary'))[0]).toBe(3);
    socket.send(Buffer.from([0xff, 0xfe, 0x00]), { binary: true });
    await expectHeartbeat();
    expect(await stored()).toEqual(counts);
  });

  test('a flood is answered call by call, with a result or with a word that it is too much', async () => {
    const ids = Array.from({ length: 200 }, (_, i) => `flood-${i}`);
    for (const id of ids) socket.send(`[2,"${id}","Heartbeat",{}]`);
    const answers = await Promise.all(ids.map((id) => socket.answerTo(id)));
    expect(answers.every(([type, , code]) => type === 3 || (type === 4 && code === 'InternalError'))).toBe(true);
    expect(answers[0]![0]).toBe(3);
    await expectHeartbeat();
  });

  test.each([
    ['a frame of 2 MiB', () => socket.send(`[2,"big","DataTransfer",{"vendorId":"V","data":"${'x'.repeat(2 * 1024 * 1024)}"}]`), [1009]],
    // The library of the server cuts the connection where RFC 6455 asks for 1007.
    ['text that is no UTF-8', () => socket.send(Buffer.from('[2,"utf","Heartbeat",{}\xff]', 'latin1')), [1007, 1006]],
  ])('%s ends the connection, and the next one works', async (_name, send, codes) => {
    send();
    socket.frames.pop();
    expect(codes).toContain(await socket.whenClosed());
    const before = counts;
    await connect();
    expect(counts).toEqual(before);
  });
});

test('no process died or told of a defect, and every frame is in the message log', async () => {
  expect(running()).toEqual(pids);
  const arrived = seen.map(({ station, frames }) => ({ station, frames: frames.map(({ text }) => ({ direction: 'received' as const, text })) }));
  await assertInvariants(system, { frames: arrived });
  expect(system.defects()).toEqual([]);
});
