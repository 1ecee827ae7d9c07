import { expect, test } from '@jest/globals';
import { api, database, listed, pages, tenant, useApi } from '../api-fixture.js';

useApi();

const at = (second: number) => new Date(Date.UTC(2026, 2, 1, 10, 0, second));

test('the frames of a station are listed, the newest first, as they crossed the wire', async () => {
  await database.prisma.station.create({ data: { tenant, id: 'CS' } });
  const frame = (second: number, direction: number, action: string, answer: string | null) => ({
    tenant,
    station: 'CS',
    receivedAt: at(second),
    direction,
    epoch: 4398046511104n,
    frame: BigInt(second),
    protocol: 'v16',
    latencyMs: 7,
    messageId: `m${second}`,
    action,
    request: Buffer.from(`[2,"m${second}","${action}",{ "é": 1 }]`),
    answer: answer === null ? null : Buffer.from(answer),
  });
  await database.prisma.messageLog.createMany({
    data: [frame(1, 0, 'BootNotification', '[3,"m1",{}]'), frame(2, 0, 'Heartbeat', '[3,"m2",{}]'), frame(2, 1, 'Reset', null), frame(3, 0, 'Heartbeat', '[3,"m3",{}]')],
  });
  await database.prisma.messageLog.create({ data: { ...frame(9, 0, 'Heartbeat', null), station: 'another' } });

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
    epoch: 4398046511104,
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
