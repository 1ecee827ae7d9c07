import { expect, test } from '@jest/globals';
import { writeExchange, Writer, type Direction } from '@ohmnibus/contracts';
import { api, database, listed, pages, tenant, useApi } from '../api-fixture.js';

useApi();

const at = (second: number) => new Date(Date.UTC(2026, 2, 1, 10, 0, second));
const epoch = 4398046511104;
type Logged = readonly [second: number, direction: Direction, action: string, answer: string | null];

/** A stretch of exchanges as the log keeps it. */
async function log(station: string, ...exchanges: Logged[]): Promise<void> {
  const writer = new Writer();
  for (const [second, direction, action, answer] of exchanges) {
    const request = `[2,"m${second}","${action}",{ "é": 1 }]`;
    writeExchange(writer, { frame: second, direction, at: at(second), latencyMs: 7, messageId: `m${second}`, action, request, answer: answer ?? undefined });
  }
  const [first, last] = [exchanges[0]!, exchanges.at(-1)!];
  await database.prisma.messageLog.create({
    data: {
      tenant,
      station,
      endedAt: new Date(at(last[0]).getTime() + 7),
      beganAt: at(first[0]),
      epoch,
      direction: last[1] === 'from-station' ? 0 : 1,
      frame: last[0],
      protocol: 'v16',
      count: exchanges.length,
      exchanges: Buffer.from(writer.written),
    },
  });
}

test('the frames of a station are listed, the newest first, as they crossed the wire', async () => {
  await database.prisma.station.create({ data: { tenant, id: 'CS' } });
  await log('CS', [1, 'from-station', 'BootNotification', '[3,"m1",{}]'], [2, 'from-station', 'Heartbeat', '[3,"m2",{}]']);
  await log('CS', [2, 'to-station', 'Reset', null], [3, 'from-station', 'Heartbeat', '[3,"m3",{}]']);
  await log('another', [9, 'from-station', 'Heartbeat', null]);

  const found = await pages('/stations/CS/messages', 3);
  expect(found.map((page) => page.map(({ action, direction }) => [action, direction]))).toEqual([
    [
      ['Heartbeat', 'from-station'],
      ['Reset', 'to-station'],
      ['Heartbeat', 'from-station'],
    ],
    [['BootNotification', 'from-station']],
  ]);
  expect(found[1]![0]).toEqual({
    at: at(1).toISOString(),
    direction: 'from-station',
    protocol: 'v16',
    action: 'BootNotification',
    messageId: 'm1',
    request: '[2,"m1","BootNotification",{ "é": 1 }]',
    answer: '[3,"m1",{}]',
    latencyMs: 7,
    epoch,
    frame: 1,
  });
  expect(found[0]![1]).toMatchObject({ answer: null });

  const time = (second: number) => encodeURIComponent(at(second).toISOString());
  for (const [filter, ids] of [
    ['action=Heartbeat', ['m3', 'm2']],
    ['direction=to-station', ['m2']],
    [`from=${time(2)}&to=${time(3)}`, ['m2', 'm2']],
    [`to=${encodeURIComponent('2026-03-01T11:00:02+01:00')}`, ['m1']],
  ] as const) {
    expect([filter, await listed(`/stations/CS/messages?${filter}`, 'messageId')]).toEqual([filter, ids]);
  }
  expect((await api('GET', '/stations/nobody/messages')).status).toBe(404);
});

test('pages of any size show each frame once, also where they end within a stretch and where there are many stretches', async () => {
  await database.prisma.station.create({ data: { tenant, id: 'LONG' } });
  for (let n = 0; n < 60; n++) await log('LONG', [3 * n, 'from-station', 'A', null], [3 * n + 1, 'from-station', 'B', null], [3 * n + 2, 'from-station', 'C', null]);
  const newestFirst = Array.from({ length: 180 }, (_, i) => `m${179 - i}`);
  for (const size of [1, 2, 7, 180]) expect((await pages('/stations/LONG/messages', size)).flat().map(({ messageId }) => messageId)).toEqual(newestFirst);
});
