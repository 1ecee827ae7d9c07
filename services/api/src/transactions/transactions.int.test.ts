import { beforeAll, describe, expect, test } from '@jest/globals';
import { api, database, listed, pages, strangersKey, tenant, useApi } from '../api-fixture.js';

useApi();

const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 10, minute));
let ids: string[];

beforeAll(async () => {
  const data = { tenant, station: 'CS', protocol: 'v201', wireId: 'w', token: 'AbC', tokenKey: 'abc' };
  const rows = [
    { ...data, key: 'ended', evse: 1, connector: 1, startedAt: at(0), startWh: 1000, endedAt: at(30), endWh: 6000.5, endKind: 'reported', stopReason: 'EVDisconnected' },
    { ...data, key: 'open', startedAt: at(40), startWh: 6000, lastWh: 6400, lastAt: at(50), chargingState: 'Charging', flags: ['clock-implausible'] },
    { ...data, key: 'unseen', token: null, tokenKey: null, lastAt: at(45) },
    { ...data, key: 'elsewhere', station: 'CS-2', startedAt: at(50) },
  ];
  ids = [];
  for (const row of rows) ids.push(String((await database.prisma.transaction.create({ data: row })).number));
});

describe('transactions', () => {
  test('are read with their energy', async () => {
    expect(await api('GET', `/transactions/${ids[0]}`)).toMatchObject({
      status: 200,
      body: {
        id: ids[0],
        wireId: 'w',
        station: 'CS',
        evse: 1,
        connector: 1,
        token: 'AbC',
        startedAt: at(0).toISOString(),
        endedAt: at(30).toISOString(),
        endKind: 'reported',
        open: false,
        startWh: 1000,
        endWh: 6000.5,
        energyWh: 5000.5,
        stopReason: 'EVDisconnected',
        flags: [],
        protocol: 'v201',
      },
    });
    expect(await api('GET', `/transactions/${ids[1]}`)).toMatchObject({ body: { open: true, endWh: null, lastWh: 6400, energyWh: 400, chargingState: 'Charging', flags: ['clock-implausible'] } });
    expect(await api('GET', `/transactions/${ids[2]}`)).toMatchObject({ body: { startedAt: null, energyWh: null, token: null } });
  });

  test('are filtered and read page by page', async () => {
    const [ended, open, unseen, elsewhere] = ids;
    const time = (minute: number) => encodeURIComponent(at(minute).toISOString());
    for (const [filter, expected] of [
      ['', [elsewhere, unseen, open, ended]],
      ['station=CS', [unseen, open, ended]],
      ['token=aBC&station=CS', [open, ended]],
      ['open=true', [elsewhere, unseen, open]],
      ['open=false', [ended]],
      [`from=${time(40)}`, [elsewhere, unseen, open]],
      [`from=${time(0)}&to=${time(40)}`, [ended]],
      ['token=nobody', []],
    ] as const) {
      expect([filter, await listed(`/transactions?${filter}`)]).toEqual([filter, expected]);
    }
    expect((await pages('/transactions', 3)).map((page) => page.map(({ id }) => id))).toEqual([[elsewhere, unseen, open], [ended]]);
  });

  test('are not there for another tenant, nor under what is no number of ours', async () => {
    const headers = { authorization: `Bearer ${strangersKey}` };
    for (const path of ['', '/samples', '/events']) expect((await api('GET', `/transactions/${ids[0]}${path}`, undefined, headers)).status).toBe(404);
    for (const id of ['0', '-1', '1.0', '01', '2147483648', '99999999999999999999', 'w']) expect([id, (await api('GET', `/transactions/${id}`)).status]).toEqual([id, 404]);
  });
});

test('samples are listed by the time that they were taken', async () => {
  const row = (minute: number, digest: bigint, values: object[]) => ({
    tenant,
    station: 'CS',
    at: at(minute),
    evse: 1,
    transaction: Number(ids[0]),
    digest,
    receivedAt: at(minute),
    samples: JSON.stringify(values.map((value, i) => ({ at: at(minute + i).toISOString(), values: [value] }))),
  });
  const huge = 9_223_372_036_854_775_000n;
  await database.prisma.sample.createMany({ data: [row(9, 1n, [{ value: 3 }]), row(1, huge, [{ value: 1 }, { raw: 'signed', unit: 'V' }]), row(1, -huge, [{ value: 0 }])] });
  await database.prisma.sample.create({ data: { ...row(5, 7n, [{ value: 99 }]), transaction: Number(ids[1]) } });
  const found = await pages(`/transactions/${ids[0]}/samples`, 1);
  expect(found.map((page) => page.length)).toEqual([1, 2, 1]);
  expect(found.flat()).toEqual([
    { at: at(1).toISOString(), values: [{ value: 0 }] },
    { at: at(1).toISOString(), values: [{ value: 1 }] },
    { at: at(2).toISOString(), values: [{ raw: 'signed', unit: 'V' }] },
    { at: at(9).toISOString(), values: [{ value: 3 }] },
  ]);
});

test('events are listed in the order of the station\'s own numbers', async () => {
  const row = { tenant, station: 'CS', key: 'ended', kind: 'updated', trigger: 'MeterValuePeriodic', chargingState: null, at: at(1), receivedAt: at(2) };
  await database.prisma.transactionEvent.createMany({ data: [2, 0, 1].map((sequence) => ({ ...row, sequence })) });
  const found = await pages(`/transactions/${ids[0]}/events`, 2);
  expect(found.map((page) => page.map(({ sequence }) => sequence))).toEqual([[0, 1], [2]]);
  expect(found[1]![0]).toEqual({ sequence: 2, kind: 'updated', trigger: 'MeterValuePeriodic', chargingState: null, at: at(1).toISOString(), offline: false, receivedAt: at(2).toISOString() });
});

test('what is in quarantine is listed, the newest first', async () => {
  const row = { tenant, station: 'CS', protocol: 'v16', operation: 'recordTransaction', reason: 'a stop of nothing', report: { a: [1] }, receivedAt: at(3), epoch: 1n };
  for (const [frame, station] of [
    [1n, 'CS'],
    [2n, 'CS-2'],
    [3n, 'CS'],
  ] as const) {
    await database.prisma.quarantine.create({ data: { ...row, frame, station, resolvedAt: frame === 3n ? at(4) : null } });
  }
  const found = await pages('/quarantine', 2);
  expect(found.map((page) => page.map(({ station }) => station))).toEqual([['CS', 'CS-2'], ['CS']]);
  expect(found[1]![0]).toMatchObject({ id: expect.stringMatching(/^\d+$/), operation: 'recordTransaction', reason: 'a stop of nothing', report: { a: [1] }, receivedAt: at(3).toISOString(), resolvedAt: null });
  expect(await listed('/quarantine?station=CS&resolved=true', 'resolvedAt')).toEqual([at(4).toISOString()]);
});
