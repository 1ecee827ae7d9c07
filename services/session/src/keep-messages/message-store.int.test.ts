import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { messageLog, writeExchange, Writer, type LoggedExchange } from '@ohmnibus/contracts';
import type { RunningParts } from '@ohmnibus/runtime';
import { openTestkit, type Testkit } from '@ohmnibus/testkit';
import { Asker, frameOf, startedSession } from '../session-fixture.js';

let kit: Testkit;
let session: RunningParts;
let asker: Asker;

beforeAll(async () => {
  kit = await openTestkit();
  [session, asker] = await Promise.all([startedSession(kit), Asker.open(kit)]);
});
afterAll(async () => {
  await asker.close();
  await session.stop();
  await kit.close();
});

function exchange(station: string, frame: number, more: Partial<LoggedExchange> = {}): LoggedExchange {
  const { tenant, protocol, epoch, receivedAt } = frameOf(station, 1, frame);
  const texts = { messageId: `m-${frame}`, action: 'Heartbeat', request: Buffer.from(`[2,"m-${frame}","Heartbeat",{}]`), answer: Buffer.from(`[3,"m-${frame}",{}]`) };
  return { tenant, station, protocol, epoch, frame, at: receivedAt, direction: 'from-station', latencyMs: 3, ...texts, ...more };
}
function packOf(exchanges: readonly LoggedExchange[]): Buffer {
  const writer = new Writer();
  for (const one of exchanges) writeExchange(writer, one);
  return writer.take();
}
const log = (...exchanges: LoggedExchange[]) => asker.bus.ask(messageLog, {}, packOf(exchanges));
const kept = (station: string) => asker.database.prisma.messageLog.findMany({ where: { station }, orderBy: { frame: 'asc' } });

describe('the message log', () => {
  test('keeps an exchange as it crossed the wire', async () => {
    const one = exchange('plain', 1, { latencyMs: 17 });
    await log(one);
    expect(await kept('plain')).toEqual([
      {
        tenant: 'acme', station: 'plain', receivedAt: one.at, direction: 0, epoch: 1n, frame: 1n, protocol: 'v16', latencyMs: 17,
        messageId: 'm-1', action: 'Heartbeat', request: new Uint8Array(one.request), answer: new Uint8Array(one.answer!),
      },
    ]);
  });

  test('keeps what has no answer, what is empty, what is no UTF-8 and what we said first', async () => {
    await log(
      exchange('odd', 1, { answer: undefined }),
      exchange('odd', 2, { messageId: '', action: '', request: Buffer.alloc(0), answer: Buffer.alloc(0) }),
      exchange('odd', 3, { request: Buffer.from([0xff, 0, 0x80]), direction: 'to-station', protocol: 'v201' }),
    );
    const [unanswered, empty, bytes] = await kept('odd');
    expect(unanswered).toMatchObject({ answer: null });
    expect(empty).toMatchObject({ messageId: '', request: new Uint8Array(), answer: new Uint8Array() });
    expect(bytes).toMatchObject({ request: new Uint8Array([0xff, 0, 0x80]), direction: 1, protocol: 'v201' });
  });

  test('keeps frames of both directions that have one number', async () => {
    await log(exchange('both', 1), exchange('both', 1, { direction: 'to-station' }));
    expect((await kept('both')).map(({ direction }) => direction).toSorted()).toEqual([0, 1]);
  });

  test('keeps a message id that is no text for Postgres as far as it goes', async () => {
    await log(exchange('nul', 1, { messageId: 'a\0b', action: '\0' }), exchange('nul', 2));
    expect((await kept('nul')).map(({ messageId, action }) => [messageId, action])).toEqual([['a\u{fffd}b', '\u{fffd}'], ['m-2', 'Heartbeat']]);
  });

  test('refuses alone the pack that cannot be stored', async () => {
    const packs = Array.from({ length: 7 }, (_, i) => packOf([exchange('crowd', 2 * i), exchange(i === 3 ? 'po\0ison' : 'crowd', 2 * i + 1)]));
    const outcomes = await Promise.allSettled(packs.map((pack) => asker.bus.ask(messageLog, {}, pack)));
    expect(outcomes.flatMap(({ status }, i) => (status === 'rejected' ? [i] : []))).toEqual([3]);
    expect(await kept('crowd')).toHaveLength(12);
  });

  test('keeps more than one commit takes', async () => {
    await log(...Array.from({ length: 2500 }, (_, i) => exchange('many', i)));
    expect(await asker.database.prisma.messageLog.count({ where: { station: 'many' } })).toBe(2500);
  });
});
