import { expect, test } from '@jest/globals';
import { eventStream } from '@ohmnibus/contracts';
import { eventually } from '@ohmnibus/testkit';
import { api, bus, database, listed, strangersKey, tenant, useApi } from '../api-fixture.js';

useApi(['transaction']);

let made = 0;

async function refused(station: string, more: object = {}): Promise<string> {
  const event = JSON.stringify({ tenant, station, type: 'transaction.updated', body: { n: 1 } });
  const row = { id: BigInt(++made * 100), at: new Date('2026-03-01T10:00:00Z'), event, reason: 'MAX_PAYLOAD_EXCEEDED', tenant, station, type: 'transaction.updated', refusedAt: new Date('2026-03-01T10:00:01Z'), ...more };
  return String((await database.prisma.refusedEvent.create({ data: row })).id);
}

/** What the stream has of a station. */
async function heard(station: string): Promise<Record<string, unknown>[]> {
  const { streams } = await bus.connection.jetstreamManager();
  const { state } = await streams.info(eventStream.name);
  const found: Record<string, unknown>[] = [];
  for (let seq = Math.max(1, state.first_seq); seq <= state.last_seq; seq++) {
    const { data } = await streams.getMessage(eventStream.name, { seq });
    const event = JSON.parse(Buffer.from(data).toString()) as Record<string, unknown>;
    if (event['station'] === station) found.push(event);
  }
  return found;
}

test('an event that the stream did not take is sent again, once, by an operator whose name stays on it', async () => {
  const id = await refused('R-1');
  expect(await api('GET', `/refused-events/${id}`)).toMatchObject({ status: 200, body: { id, station: 'R-1', type: 'transaction.updated', reason: 'MAX_PAYLOAD_EXCEEDED', resolvedAt: null, body: { n: 1 } } });
  const replayed = await api('POST', `/refused-events/${id}/replay`, { note: 'max_payload is larger now' });
  expect(replayed).toMatchObject({ status: 200, body: { id, resolution: 'replayed', resolvedBy: expect.any(String), note: 'max_payload is larger now' } });
  expect(await api('POST', `/refused-events/${id}/replay`)).toMatchObject({ status: 200, body: { note: 'max_payload is larger now' } });
  await eventually('the stream has it', async () => (await heard('R-1')).length > 0);
  await eventually('nothing waits', async () => (await database.prisma.outbox.count()) === 0);
  expect(await heard('R-1')).toMatchObject([{ tenant, type: 'transaction.updated', at: '2026-03-01T10:00:00.000Z', body: { n: 1 } }]);
  expect(await api('POST', `/refused-events/${id}/resolve`, { note: 'late' })).toMatchObject({ status: 409, body: { code: 'conflict', detail: expect.stringContaining('replayed already') } });
});

test('an event that nobody needs is resolved with a note, and not sent', async () => {
  const id = await refused('R-2');
  expect((await api('POST', `/refused-events/${id}/resolve`, {})).status).toBe(400);
  expect(await api('POST', `/refused-events/${id}/resolve`, { note: 'nobody listens' })).toMatchObject({ status: 200, body: { resolution: 'resolved', note: 'nobody listens' } });
  expect(await api('POST', `/refused-events/${id}/replay`)).toMatchObject({ status: 409 });
  expect(await heard('R-2')).toEqual([]);
});

test('events are found by station, type, time and whether something was done about them', async () => {
  const [first, second] = [await refused('R-3'), await refused('R-3', { type: 'station.booted', refusedAt: new Date('2026-03-02T10:00:00Z') })];
  await api('POST', `/refused-events/${first}/resolve`, { note: 'x' });
  const time = encodeURIComponent('2026-03-02T00:00:00Z');
  for (const [filter, expected] of [
    ['', [second, first]],
    ['type=station.booted', [second]],
    ['resolved=true', [first]],
    ['resolved=false', [second]],
    [`from=${time}`, [second]],
    [`to=${time}`, [first]],
  ] as const) {
    expect([filter, await listed(`/refused-events?station=R-3&${filter}`)]).toEqual([filter, expected]);
  }
});

test('an event is not there for another tenant, nor one that is nobody’s for anybody', async () => {
  const [id, nobodys] = [await refused('R-4'), await refused('R-4', { tenant: null, event: 'what is this' })];
  const headers = { authorization: `Bearer ${strangersKey}` };
  expect((await api('GET', `/refused-events/${id}`, undefined, headers)).status).toBe(404);
  expect((await api('POST', `/refused-events/${id}/replay`, {}, headers)).status).toBe(404);
  for (const other of [nobodys, '0', 'x', '99999999999999999999']) expect([other, (await api('GET', `/refused-events/${other}`)).status]).toEqual([other, 404]);
});
