import { describe, expect, test } from '@jest/globals';
import { messageLog, readExchanges, writeExchange, writeStretch, Writer, type ExchangeToLog, type Stretch } from '@ohmnibus/contracts';
import { frameOf } from '../session-fixture.js';
import { asker, useSession } from '../running-session-fixture.js';

useSession();

/** Not long ago: what is older than rows are kept may be deleted at any time. */
const at = new Date(Date.now() - 3_600_000);

function exchange(frame: number, more: Partial<ExchangeToLog> = {}): ExchangeToLog {
  const texts = { messageId: `m-${frame}`, action: 'Heartbeat', request: Buffer.from(`[2,"m-${frame}","Heartbeat",{}]`), answer: Buffer.from(`[3,"m-${frame}",{}]`) };
  return { frame, at, direction: 'from-station', latencyMs: 3, ...texts, ...more };
}

function stretch(station: string, exchanges: readonly ExchangeToLog[], more: Partial<Stretch> = {}): Stretch {
  const { tenant, protocol, epoch } = frameOf(station, 1, 1);
  const writer = new Writer();
  for (const one of exchanges) writeExchange(writer, one);
  const { direction, frame } = exchanges.at(-1)!;
  return { tenant, station, protocol, epoch, beganAt: at, endedAt: at, direction, frame, count: exchanges.length, secrets: false, exchanges: writer.written, ...more };
}

function packOf(...stretches: Stretch[]): Buffer {
  const writer = new Writer();
  for (const one of stretches) writeStretch(writer, one);
  return writer.take();
}

const log = (...stretches: Stretch[]) => asker.bus.ask(messageLog, {}, packOf(...stretches));
const rows = (station: string) => asker.database.prisma.messageLog.findMany({ where: { station }, orderBy: { frame: 'asc' } });
const kept = async (station: string) =>
  (await rows(station)).flatMap(({ exchanges }) => readExchanges({ tenant: 'acme', station, protocol: 'v16', epoch: 1, exchanges: Buffer.from(exchanges) }));

describe('the message log', () => {
  test('keeps exchanges as they crossed the wire, and what their stretch says of them', async () => {
    const some = [exchange(1, { latencyMs: 17 }), exchange(2, { answer: undefined }), exchange(3, { messageId: 'a\0b', action: '', request: Buffer.from([0xff, 0, 0x80]) })];
    await log(stretch('plain', some));
    expect(await kept('plain')).toMatchObject(some);
    expect(await rows('plain')).toMatchObject([{ tenant: 'acme', protocol: 'v16', epoch: 1n, beganAt: at, endedAt: at, direction: 0, frame: 3n, count: 3 }]);
  });

  test('keeps stretches that end in frames of one number, of both directions', async () => {
    await log(stretch('both', [exchange(1)]), stretch('both', [exchange(1, { direction: 'to-station' })]));
    expect((await rows('both')).map(({ direction }) => direction).toSorted()).toEqual([0, 1]);
  });

  test('keeps a stretch once that is offered again', async () => {
    await log(stretch('again', [exchange(1), exchange(2)]));
    await log(stretch('again', [exchange(1), exchange(2)]), stretch('again', [exchange(3)]));
    expect((await kept('again')).map(({ frame }) => frame)).toEqual([1, 2, 3]);
  });

  test('keeps no password, whether we wrote it or the station echoes it', async () => {
    const request = '[2,"c","ChangeConfiguration",{"key":"AuthorizationKey","value":"00112233445566778899"}]';
    const echo = '[3,"g",{"configurationKey":[{"key":"AuthorizationKey","readonly":false,"value":"00112233445566778899"}]}]';
    const asked = [
      exchange(1, { direction: 'to-station', messageId: 'c', action: 'ChangeConfiguration', request, answer: '[3,"c",{"status":"Accepted"}]' }),
      exchange(2, { direction: 'to-station', messageId: 'g', action: 'GetConfiguration', request: '[2,"g","GetConfiguration",{}]', answer: echo }),
      exchange(3),
    ];
    await log(stretch('secret', asked, { secrets: true }));
    const found = await kept('secret');
    expect(found.map(({ request: sent, answer }) => `${sent.toString()}${answer?.toString()}`).join()).not.toContain('0011');
    expect(found.map(({ action }) => action)).toEqual(['ChangeConfiguration', 'GetConfiguration', 'Heartbeat']);
  });

  test('keeps a frame that is larger than a page', async () => {
    await log(stretch('large', [exchange(1, { request: Buffer.alloc(100_000, 'x') })]));
    expect((await kept('large'))[0]!.request).toHaveLength(100_000);
  });

  test('refuses alone the pack that cannot be stored', async () => {
    const packs = Array.from({ length: 7 }, (_, i) => packOf(stretch('crowd', [exchange(2 * i)]), stretch(i === 3 ? 'po\0ison' : 'crowd', [exchange(2 * i + 1)])));
    const outcomes = await Promise.allSettled(packs.map((pack) => asker.bus.ask(messageLog, {}, pack)));
    expect(outcomes.flatMap(({ status }, i) => (status === 'rejected' ? [i] : []))).toEqual([3]);
    expect(await rows('crowd')).toHaveLength(12);
  });

  test('keeps more than one commit takes', async () => {
    await log(...Array.from({ length: 2500 }, (_, i) => stretch('many', [exchange(i)])));
    expect(await asker.database.prisma.messageLog.count({ where: { station: 'many' } })).toBe(2500);
  });
});
