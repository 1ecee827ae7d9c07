import { describe, expect, test } from '@jest/globals';
import { api, apiKey, database, listed, strangersKey, tenant, useApi } from '../api-fixture.js';

useApi(['transaction']);

const at = (minute: number) => new Date(Date.UTC(2026, 2, 1, 10, minute));
let frames = 0;

/** A stop of the number 7, which is no transaction of the station's. */
async function quarantine(station: string, more: object = {}): Promise<string> {
  const frame = ++frames;
  const origin = { tenant, station, protocol: 'v16', epoch: 1, frame, receivedAt: at(31).toISOString() };
  const report = { kind: 'ended', origin, transaction: { number: 7 }, at: at(30).toISOString(), samples: [{ at: at(30).toISOString(), values: [{ value: 500, context: 'Transaction.End' }] }], stopReason: 'Local' };
  const row = { tenant, station, protocol: 'v16', operation: 'recordTransaction', reason: 'unknown-transaction', report, receivedAt: at(31), epoch: 1n, frame: BigInt(frame), ...more };
  return String((await database.prisma.quarantine.create({ data: row })).id);
}

async function transaction(station: string, more: object = {}): Promise<string> {
  const row = { tenant, station, key: `k${++frames}`, wireId: 'w', protocol: 'v16', evse: 1, connector: 1, startedAt: at(0), startReceivedAt: at(0), startWh: 100, ...more };
  return String((await database.prisma.transaction.create({ data: row })).number);
}

describe('what is in quarantine', () => {
  test('is merged into a transaction by an operator whose name stays on it', async () => {
    const [id, number] = [await quarantine('Q-1'), await transaction('Q-1')];
    const merged = await api('POST', `/quarantine/${id}/merge`, { transaction: number, note: 'the charger was replaced' });
    expect(merged).toMatchObject({
      status: 200,
      body: { id, resolution: 'merged', transaction: number, note: 'the charger was replaced', resolvedBy: expect.any(String), audit: [{ action: 'merge', outcome: 'done', by: expect.any(String) }] },
    });
    expect(await api('GET', `/quarantine/${id}`)).toEqual({ ...merged, headers: expect.anything() });
    expect(await api('GET', `/transactions/${number}`)).toMatchObject({ body: { open: false, endKind: 'reported', endedAbnormally: false, endWh: 500, energyWh: 400, times: { end: { reported: at(30).toISOString(), received: at(31).toISOString() } } } });
    expect(await api('POST', `/quarantine/${id}/merge`, { transaction: number })).toMatchObject({ status: 200, body: { audit: [{}] } });
    expect(await api('POST', `/quarantine/${id}/resolve`, { note: 'again' })).toMatchObject({ status: 409, body: { code: 'conflict', detail: expect.stringContaining('merged already') } });
  });

  test('is refused a replay as long as its transaction is missing, and resolved with a note', async () => {
    const id = await quarantine('Q-2');
    expect(await api('POST', `/quarantine/${id}/replay`)).toMatchObject({ status: 409, body: { detail: expect.stringContaining('unknown-transaction') } });
    expect(await api('POST', `/quarantine/${id}/resolve`, { note: 'a test charge' })).toMatchObject({ status: 200, body: { resolution: 'resolved', audit: [{ action: 'replay', outcome: 'refused' }, { action: 'resolve', outcome: 'done' }] } });
  });

  test('is found by station, operation, reason, time and how it was resolved', async () => {
    const [first, second] = [await quarantine('Q-3'), await quarantine('Q-3', { operation: 'recordSamples', reason: 'other', receivedAt: at(40) })];
    await api('POST', `/quarantine/${first}/resolve`, { note: 'x' });
    const time = encodeURIComponent(at(35).toISOString());
    for (const [filter, expected] of [
      ['', [second, first]],
      ['operation=recordSamples', [second]],
      ['reason=unknown-transaction', [first]],
      ['resolved=false', [second]],
      ['resolution=resolved', [first]],
      ['resolution=merged', []],
      [`from=${time}`, [second]],
      [`to=${time}`, [first]],
    ] as const) {
      expect([filter, await listed(`/quarantine?station=Q-3&${filter}`)]).toEqual([filter, expected]);
    }
  });

  test.each([
    ['resolve', {}, 400],
    ['resolve', { note: ' ' }, 400],
    ['resolve', { note: 'a\0b' }, 400],
    ['merge', {}, 400],
    ['merge', { transaction: 'x' }, 400],
    ['merge', { transaction: '9999999999' }, 400],
    ['merge', { transaction: '1999999999' }, 404],
    ['replay', { extra: 1 }, 400],
    ['forget', {}, 404],
  ] as const)('is not touched by %s %j', async (verb, body, status) => {
    const id = await quarantine('Q-4');
    expect((await api('POST', `/quarantine/${id}/${verb}`, body)).status).toBe(status);
    expect((await api('GET', `/quarantine/${id}`)).body).toMatchObject({ resolvedAt: null });
  });

  test('is not there for another tenant, nor under what is no id', async () => {
    const id = await quarantine('Q-5');
    const headers = { authorization: `Bearer ${strangersKey}` };
    expect(headers.authorization).not.toContain(apiKey);
    expect((await api('GET', `/quarantine/${id}`, undefined, headers)).status).toBe(404);
    expect((await api('POST', `/quarantine/${id}/resolve`, { note: 'x' }, headers)).status).toBe(404);
    for (const other of ['0', '-1', 'x', '99999999999999999999']) expect([other, (await api('GET', `/quarantine/${other}`)).status]).toEqual([other, 404]);
  });
});

describe('a transaction that stays open', () => {
  test('is closed by an operator, with the reason on record, and found by how it ended', async () => {
    const number = await transaction('Q-6', { lastAt: at(0), lastWh: 100 });
    const closed = await api('POST', `/transactions/${number}/close`, { reason: 'the charger was taken away' });
    expect(closed).toMatchObject({
      status: 200,
      body: {
        id: number,
        open: false,
        endKind: 'closed',
        endedAbnormally: true,
        endCause: 'operator',
        endNote: 'the charger was taken away',
        endBy: expect.any(String),
        endedAt: at(0).toISOString(),
        times: { start: { reported: at(0).toISOString(), received: at(0).toISOString() }, end: { reported: null, received: null } },
      },
    });
    expect((await api('POST', `/transactions/${number}/close`, { reason: 'the charger was taken away' })).status).toBe(200);
    expect((await api('POST', `/transactions/${number}/close`, { reason: 'another' })).status).toBe(409);
    expect(await listed('/transactions?station=Q-6&endKind=closed')).toEqual([number]);
    expect(await listed('/transactions?station=Q-6&endKind=inferred')).toEqual([]);
    for (const [id, body, status] of [
      ['1999999999', { reason: 'x' }, 404],
      ['x', { reason: 'x' }, 404],
      [number, {}, 400],
    ] as const) {
      expect((await api('POST', `/transactions/${id}/close`, body)).status).toBe(status);
    }
  });

  test('is found by its flags', async () => {
    const number = await transaction('Q-7', { flags: ['clock-implausible', 'meter-gap'] });
    await transaction('Q-7', { flags: ['meter-gap'] });
    expect(await listed('/transactions?station=Q-7&flag=clock-implausible')).toEqual([number]);
  });
});
