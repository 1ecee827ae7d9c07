import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { gatewayCall, type GatewayCall } from '@ohmnibus/contracts';
import { randomUUID } from 'node:crypto';
import { api, bus, database, listed, pages, presence, strangersKey, tenant, useApi } from '../api-fixture.js';

useApi(['command']);

const station = 'CS with / in its name';
const path = `/stations/${encodeURIComponent(station)}`;
const calls: GatewayCall[] = [];
let stopServing: () => Promise<void>;

beforeAll(async () => {
  await database.prisma.station.createMany({ data: [station, 'CS-2'].map((id) => ({ tenant, id })) });
  const serving = bus.serve(gatewayCall, { pod: 'pod' }, (call) => {
    calls.push(call);
    return { kind: 'result' as const, payload: JSON.stringify(call.action === 'GetDiagnostics' ? { fileName: 'diag.zip' } : { status: 'Accepted' }) };
  });
  stopServing = () => serving.stop();
  await bus.connection.flush();
  await presence.refreshLiveness('pod', 600_000);
  await presence.claim({ tenant, station, pod: 'pod', connection: 1, acceptedAt: presence.now() }, { protocol: 'v16', remoteAddress: '127.0.0.1', since: Date.now() });
});
afterAll(() => stopServing());

/** A job as it is stored, and what the station told of it. */
async function stored(kind: string, minute: number, more: object = {}, reports: [frame: number, status: string][] = []): Promise<string> {
  const id = randomUUID();
  const at = (second: number) => new Date(Date.UTC(2020, 0, 1, 0, minute, second));
  await database.prisma.maintenanceJob.create({ data: { tenant, id, station: 'CS-2', kind, location: 'x', details: {}, orderedAt: at(0), state: 'running', ...more } });
  await database.prisma.maintenanceReport.createMany({
    data: reports.map(([frame, status]) => ({ tenant, station: 'CS-2', kind, epoch: minute, frame, status, receivedAt: at(frame), job: id })),
  });
  return id;
}

describe('an order', () => {
  test('of a log has the station upload it here, and can be looked up under the id of the outcome', async () => {
    const { status, body } = await api('POST', `${path}/log-uploads`, { from: '2026-03-01T12:00:00Z', timeoutSeconds: 5 });
    expect([status, body]).toEqual([200, { id: expect.any(String), state: 'accepted', result: { type: 'CALLRESULT', payload: { fileName: 'diag.zip' } } }]);
    const { id } = body as { id: string };
    expect(calls.at(-1)).toMatchObject({ id, action: 'GetDiagnostics' });
    expect((await api('GET', `/log-uploads/${id}`)).body).toMatchObject({
      id,
      station,
      log: 'diagnostics',
      state: 'running',
      answer: 'Accepted',
      fileName: 'diag.zip',
      location: expect.stringMatching(/^http:\/\/files\.example\.com\/files\/put\//),
      from: '2026-03-01T12:00:00.000Z',
      to: null,
      requestedBy: 'bootstrap',
      files: [],
      reports: [],
    });
  });

  test('of firmware goes to the station, once however often it comes under one idempotency key', async () => {
    const order = { location: 'https://vendor.example.com/v2.bin', signature: 'c2ln', signingCertificate: 'PEM', retries: 3, timeoutSeconds: 5 };
    const headers = { 'idempotency-key': 'update once' };
    const before = calls.length;
    const outcomes = [await api('POST', `${path}/firmware-updates`, order, headers), await api('POST', `${path}/firmware-updates`, order, headers)];
    expect(outcomes[0]).toMatchObject({ status: 200, body: { state: 'accepted' } });
    expect(outcomes[1]?.body).toEqual(outcomes[0]?.body);
    expect(calls.slice(before).map(({ action }) => action)).toEqual(['SignedUpdateFirmware']);
    const { id } = outcomes[0]!.body as { id: string };
    expect((await api('GET', `/firmware-updates/${id}`)).body).toMatchObject({ id, station, state: 'running', signed: true, image: null, location: order.location, retries: 3, requestId: expect.any(Number) });
  });

  test.each([
    ['firmware-updates', {}, 400],
    ['firmware-updates', { image: 'a', location: 'https://a/b' }, 400],
    ['firmware-updates', { image: 'missing.bin' }, 404],
    ['firmware-updates', { location: 'https://a/b', signature: 'c2ln' }, 400],
    ['log-uploads', { log: 'all' }, 400],
    ['log-uploads', { location: 'nowhere' }, 400],
    ['log-uploads', { since: 'yesterday' }, 400],
  ])('of %s that says %j is refused with %d', async (kind, body, status) => {
    const before = calls.length;
    expect((await api('POST', `${path}/${kind}`, body)).status).toBe(status);
    expect(calls).toHaveLength(before);
  });

  test('to a station that does not exist is refused', async () => {
    expect((await api('POST', '/stations/nobody/log-uploads', {})).status).toBe(404);
    expect((await api('POST', '/stations/nobody/firmware-updates', { location: 'https://a/b' })).status).toBe(404);
  });
});

describe('jobs', () => {
  test('are listed the newest first, by station and state, each kind by itself', async () => {
    const old = await stored('firmware-update', 1, { state: 'succeeded' });
    const newer = await stored('firmware-update', 2, { state: 'failed' });
    const sameTime = await stored('firmware-update', 2, { state: 'failed' });
    const log = await stored('log-upload', 3);
    const both = [newer, sameTime].toSorted().toReversed();
    expect(await listed('/firmware-updates?station=CS-2')).toEqual([...both, old]);
    expect((await pages('/firmware-updates?station=CS-2', 1)).flat().map(({ id }) => id)).toEqual([...both, old]);
    expect(await listed('/firmware-updates?station=CS-2&state=succeeded')).toEqual([old]);
    expect(await listed('/log-uploads?station=CS-2')).toEqual([log]);
    expect((await api('GET', `/log-uploads/${old}`)).status).toBe(404);
    expect((await api('GET', '/log-uploads/none')).status).toBe(404);
    expect((await api('GET', '/log-uploads?state=done')).status).toBe(400);
    expect((await api('GET', `/firmware-updates/${old}`, undefined, { authorization: `Bearer ${strangersKey}` })).status).toBe(404);
    expect((await api('GET', '/firmware-updates', undefined, { authorization: `Bearer ${strangersKey}` })).body).toEqual({ items: [], nextCursor: null });
  });

  test('show their history, the newest first, and so does the station, of all that it told', async () => {
    const id = await stored('firmware-update', 10, { details: { image: 'v2.bin', signed: false, retrieveAt: '2026-01-01T00:00:00.000Z' } }, [
      [1, 'Downloading'],
      [2, 'DownloadFailed'],
    ]);
    await database.prisma.maintenanceReport.create({ data: { tenant, station: 'CS-2', kind: 'log-upload', epoch: 11, frame: 1, status: 'Idle', receivedAt: new Date(Date.UTC(2020, 0, 1, 0, 11)) } });
    const { body } = await api('GET', `/firmware-updates/${id}`);
    expect(body).toMatchObject({ image: 'v2.bin', signed: false, retrieveAt: '2026-01-01T00:00:00.000Z', installAt: null });
    expect((body as { reports: object[] }).reports).toEqual([
      { kind: 'firmware-update', status: 'DownloadFailed', requestId: null, job: id, receivedAt: '2020-01-01T00:10:02.000Z' },
      { kind: 'firmware-update', status: 'Downloading', requestId: null, job: id, receivedAt: '2020-01-01T00:10:01.000Z' },
    ]);
    expect((await pages('/stations/CS-2/progress-reports', 2)).flat().map(({ status, job }) => [status, job])).toEqual([
      ['Idle', null],
      ['DownloadFailed', id],
      ['Downloading', id],
    ]);
    expect((await api('GET', '/stations/nobody/progress-reports')).status).toBe(404);
  });
});
