import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { Database } from '@ohmnibus/database';
import { openTestkit, waitingEvents, type Testkit } from '@ohmnibus/testkit';
import { RecordStatus } from '../record-status/record-status.js';
import { ClockStore } from './clock-store.js';
import { MeasureClocks } from './measure-clocks.js';

let kit: Testkit;
let database: Database;
let clocks: MeasureClocks;
let status: RecordStatus;

const noon = Date.UTC(2026, 10, 22, 12);
const second = (n: number) => new Date(noon + n * 1000);
let time = 0;

beforeAll(async () => {
  kit = await openTestkit({ services: ['postgres'] });
  database = new Database({ url: kit.databaseUrl, name: 'test', poolSize: 2 });
  await database.prisma.station.createMany({ data: ['S-1', 'S-2', 'S-3', 'S-4', 'S-5'].map((id) => ({ tenant: 'acme', id })) });
  clocks = new MeasureClocks(new ClockStore(database, 60_000), { now: () => second(time) });
  status = new RecordStatus(() => Promise.resolve(), clocks.drift);
});
afterAll(async () => {
  await database.close();
  await kit.close();
});

let frame = 0;
/** A status received at that second, dated so many seconds off, or not at all. */
async function report(station: string, received: number, off?: number): Promise<void> {
  time = received + 1;
  await status.run({
    origin: { tenant: 'acme', station, protocol: 'v16', epoch: 1, frame: ++frame, receivedAt: second(received) },
    evse: { evse: 1, connector: 1 },
    status: 'Available',
    reported: 'Available',
    ...(off !== undefined && { at: second(received + off) }),
  });
}

const kept = async (station: string) =>
  (await database.prisma.stationClock.findMany({ where: { station }, orderBy: { since: 'asc' } })).map(({ driftMs, since, until, measurements }) => ({
    drift: Number(driftMs) / 1000,
    from: (since.getTime() - noon) / 1000,
    to: (until.getTime() - noon) / 1000,
    measurements,
  }));
const events = async (station: string) => (await waitingEvents(database, { station })).map(({ type, body }) => ({ type, ...body }));

describe('the clock of a station', () => {
  test('is measured by what it dates, in one row for as long as its drift hardly changes', async () => {
    for (const at of [0, 5, 10]) await report('S-1', at, 20);
    await report('S-1', 12);
    expect(await kept('S-1')).toEqual([]);
    await clocks.flush();
    expect(await kept('S-1')).toEqual([{ drift: 20, from: 0, to: 10, measurements: 3 }]);
    await report('S-1', 100, 21);
    await clocks.flush();
    await clocks.flush();
    expect(await kept('S-1')).toEqual([{ drift: 21, from: 0, to: 100, measurements: 4 }]);
    expect(await events('S-1')).toEqual([]);
  });

  test('is told of when it is further off than the threshold, and when it is right again, once each', async () => {
    for (const [at, off] of [[200, 90], [260, 91], [320, 2], [380, 1]] as const) {
      await report('S-2', at, off);
      await clocks.flush();
    }
    expect(await kept('S-2')).toEqual([
      { drift: 91, from: 200, to: 260, measurements: 2 },
      { drift: 1, from: 320, to: 380, measurements: 2 },
    ]);
    expect(await events('S-2')).toMatchObject([
      { type: 'station.clock-drifted', driftSeconds: 90, thresholdSeconds: 60, exceeded: true },
      { type: 'station.clock-drifted', driftSeconds: 2, exceeded: false },
    ]);
  });

  test('that was set between two flushes has both rows', async () => {
    await report('S-3', 400, -1_794_000_000);
    await report('S-3', 410, 0);
    await clocks.flush();
    expect((await kept('S-3')).map(({ drift }) => drift)).toEqual([-1_794_000_000, 0]);
    expect(await events('S-3')).toMatchObject([{ exceeded: true }, { exceeded: false }]);
  });

  test('that jumps all the time does not fill the table', async () => {
    for (let n = 0; n < 60; n++) {
      await report('S-4', 1_000 + n * 10, n % 2 === 0 ? 0 : 50);
      await clocks.flush();
    }
    expect(await kept('S-4')).toHaveLength(50);
    expect((await kept('S-4')).at(-1)).toMatchObject({ drift: 50, from: 1_590 });
  });

  test('is kept as other services measure it, and not at all for a station that is not known', async () => {
    const clock = { tenant: 'acme', driftMs: 70_000, since: second(0).toISOString(), until: second(1).toISOString(), measurements: 1 };
    await clocks.keep({ clocks: [{ ...clock, station: 'S-5' }, { ...clock, station: 'unknown' }, { ...clock, tenant: 'other', station: 'S-5' }] });
    expect(await kept('S-5')).toEqual([{ drift: 70, from: 0, to: 1, measurements: 1 }]);
    expect(await database.prisma.stationClock.count({ where: { OR: [{ station: 'unknown' }, { tenant: 'other' }] } })).toBe(0);
  });
});
