import { describe, expect, test } from '@jest/globals';
import { disconnectStation, stationChanged } from '@ohmnibus/contracts';
import { eventually } from '@ohmnibus/testkit';
import { api, bus, database, listed, pages, presence, strangersKey, tenant, useApi } from '../api-fixture.js';

useApi(['session']);

const report = { receivedAt: new Date('2026-03-01T10:00:00Z'), epoch: 5n, frame: 1n, reported: 'Charging', status: 'Occupied' };

describe('a station', () => {
  test('is made, read, changed and deleted', async () => {
    const made = await api('PUT', '/stations/CS-1', { password: 'long enough' });
    expect(made).toMatchObject({ status: 201, body: { id: 'CS-1', online: false, hasPassword: true, vendor: null, connectors: [] } });
    expect(await api('PUT', '/stations/CS-1', {})).toMatchObject({ status: 200, body: { hasPassword: true } });
    expect(await api('PUT', '/stations/CS-1', { password: null })).toMatchObject({ status: 200, body: { hasPassword: false } });
    expect(await api('GET', '/stations/CS-1')).toMatchObject({ status: 200, body: made.body && { id: 'CS-1' } });
    const heard: unknown[] = [];
    bus.listen(stationChanged, {}, (event) => heard.push(event));
    await bus.connection.flush();
    expect(await api('DELETE', '/stations/CS-1')).toMatchObject({ status: 204, body: undefined });
    await eventually('everybody is told', () => heard.length > 0);
    expect(heard).toContainEqual({ tenant, station: 'CS-1', change: 'deleted' });
    expect((await api('GET', '/stations/CS-1')).status).toBe(404);
    expect((await api('DELETE', '/stations/CS-1')).status).toBe(404);
  });

  test.each(['Säule 7', 'a/b', 'a%2Fb', '50%', 'x?y=1#z', "it's", '*.>'])('may be called %j', async (id) => {
    const path = `/stations/${encodeURIComponent(id)}`;
    expect(await api('PUT', path)).toMatchObject({ status: 201, body: { id } });
    expect(await api('GET', path)).toMatchObject({ status: 200, body: { id } });
    expect((await api('DELETE', path)).status).toBe(204);
  });

  test('is not there for another tenant', async () => {
    await api('PUT', '/stations/CS-mine');
    const headers = { authorization: `Bearer ${strangersKey}` };
    for (const path of ['', '/connection', '/messages', '/statuses', '/commands']) {
      expect([path, (await api('GET', `/stations/CS-mine${path}`, undefined, headers)).status]).toEqual([path, 404]);
    }
    expect((await api('DELETE', '/stations/CS-mine', undefined, headers)).status).toBe(404);
    expect((await api('GET', '/stations', undefined, headers)).body).toEqual({ items: [], nextCursor: null });
    expect((await api('GET', '/stations/CS-mine')).status).toBe(200);
  });
});

describe('the list of stations', () => {
  test('is filtered and read page by page', async () => {
    const station = (id: string, more: object) => ({ tenant, id: `L-${id}`, ...more });
    await database.prisma.station.createMany({
      data: [
        station('a', { online: true, vendor: 'Volt', model: 'M1', firmwareVersion: '1.0', protocol: 'v16' }),
        station('B', { vendor: 'Volt', model: 'M2', firmwareVersion: '2.0', protocol: 'v201' }),
        station('c', { online: true, vendor: 'Watt', model: 'M1', firmwareVersion: '1.0', protocol: 'v16' }),
        station('é', {}),
      ],
    });
    await database.prisma.connector.createMany({ data: ['L-a', 'L-c'].flatMap((id) => [1, 2].map((evse) => ({ ...report, tenant, station: id, evse, connector: 1, since: new Date('2026-03-01T09:00:00Z'), status: id === 'L-a' && evse === 2 ? 'Faulted' : 'Available' }))) });
    const search = '/stations?search=l-';
    expect(await listed(search)).toEqual(['L-B', 'L-a', 'L-c', 'L-é']);
    for (const [filter, ids] of [
      ['online=true', ['L-a', 'L-c']],
      ['online=false', ['L-B', 'L-é']],
      ['vendor=Volt', ['L-B', 'L-a']],
      ['model=M1&firmware=1.0&protocol=v16&vendor=Watt', ['L-c']],
      ['status=Faulted', ['L-a']],
      ['status=Available', ['L-a', 'L-c']],
      ['vendor=nobody', []],
    ] as const) {
      expect([filter, await listed(`${search}&${filter}`)]).toEqual([filter, ids]);
    }
    expect((await pages(search, 3)).map((page) => page.map(({ id }) => id))).toEqual([['L-B', 'L-a', 'L-c'], ['L-é']]);
    expect((await pages(search, 2)).map((page) => page.length)).toEqual([2, 2]);
    expect((await pages(search, 500))[0]![1]).toMatchObject({ id: 'L-a', connectors: [{ evse: 1, status: 'Available' }, { evse: 2, status: 'Faulted', reported: 'Charging', receivedAt: '2026-03-01T10:00:00.000Z', since: '2026-03-01T09:00:00.000Z' }] });
  });
});

describe('a connection', () => {
  test('is shown and closed', async () => {
    await api('PUT', '/stations/CS-2');
    expect((await api('GET', '/stations/CS-2/connection')).body).toEqual({ online: false, pod: null, since: null, remoteAddress: null, protocol: null, epoch: null, lastSeenAt: null });
    expect((await api('POST', '/stations/CS-2/disconnect')).status).toBe(409);
    const since = Date.UTC(2026, 2, 1);
    const socket = { tenant, station: 'CS-2', pod: 'pod-1', connection: 1, acceptedAt: presence.now() };
    const claim = await presence.claim(socket, { protocol: 'v201', remoteAddress: '10.1.2.3', since });
    expect((await api('GET', '/stations/CS-2/connection')).body).toMatchObject({
      online: true,
      pod: 'pod-1',
      since: '2026-03-01T00:00:00.000Z',
      remoteAddress: '10.1.2.3',
      protocol: 'v201',
      epoch: claim.kind === 'owned' && claim.epoch,
    });
    expect((await api('POST', '/stations/CS-2/disconnect')).status).toBe(503); // Nobody listens for that pod.
    const asked: unknown[] = [];
    bus.serve(disconnectStation, { pod: 'pod-1' }, (question) => {
      asked.push(question);
      return { closed: 1 };
    });
    await bus.connection.flush();
    expect(await api('POST', '/stations/CS-2/disconnect')).toMatchObject({ status: 200, body: { closed: 1 } });
    expect(asked).toEqual([{ tenant, station: 'CS-2' }]);
  });
});

test('what connectors reported is listed, the newest first', async () => {
  await api('PUT', '/stations/CS-3');
  const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 10, minute));
  await database.prisma.statusReport.createMany({
    data: [1n, 2n, 3n].flatMap((frame) => [1, 2].map((minute) => ({ ...report, tenant, station: 'CS-3', evse: Number(frame), connector: 1, frame, receivedAt: at(minute) }))),
  });
  const reports = await pages('/stations/CS-3/statuses', 4);
  expect(reports.map((page) => page.length)).toEqual([4, 2]);
  expect(reports.flat().map(({ evse, receivedAt }) => [evse, receivedAt])).toEqual([2, 1].flatMap((minute) => [3, 2, 1].map((evse) => [evse, at(minute).toISOString()])));
});

test('the clock of a station is shown, and how it was', async () => {
  await api('PUT', '/stations/CS-clock');
  expect((await api('GET', '/stations/CS-clock')).body).toMatchObject({ clock: null });
  const time = (minute: number) => new Date(Date.UTC(2026, 2, 1, 10, minute));
  const row = { tenant, station: 'CS-clock', measurements: 3 };
  await database.prisma.stationClock.createMany({ data: [{ ...row, since: time(0), until: time(5), driftMs: -90_500n }, { ...row, since: time(6), until: time(9), driftMs: 1_250n }] });
  const [now, before] = [
    { driftSeconds: 1.25, since: time(6).toISOString(), until: time(9).toISOString(), measurements: 3 },
    { driftSeconds: -90.5, since: time(0).toISOString(), until: time(5).toISOString(), measurements: 3 },
  ];
  expect((await api('GET', '/stations/CS-clock')).body).toMatchObject({ clock: now });
  expect((await api('GET', '/stations/CS-clock/clock')).body).toEqual({ items: [now, before] });
  expect((await api('GET', '/stations/CS-none/clock')).status).toBe(404);
});
