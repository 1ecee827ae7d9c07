import { describe, expect, test } from '@jest/globals';
import { updateFirmwareCommand, uploadLogCommand, type GatewayCall } from '@ohmnibus/contracts';
import { openLink } from '@ohmnibus/files';
import { eventually, waitingEvents } from '@ohmnibus/testkit';
import { accepting, bus, connect, database, filesSecret, fresh, pod, rejection, result, send, tenant, useCommandService } from '../command-fixture.js';

useCommandService();

const order = { tenant, timeoutSeconds: 5 };
const upload = (station: string, more: object = {}) => bus.ask(uploadLogCommand, {}, { ...order, station, log: 'diagnostics', ...more });
const update = (station: string, more: object) => bus.ask(updateFirmwareCommand, {}, { ...order, station, ...more });
const job = (id: string) => database.prisma.maintenanceJob.findUniqueOrThrow({ where: { tenant_id: { tenant, id } } });
const payload = (call: GatewayCall | undefined) => JSON.parse(call?.payload ?? '{}') as Record<string, unknown> & { firmware?: Record<string, string>; log?: Record<string, string> };
const linked = (url: unknown) => openLink(filesSecret, String(url).replace('https://files.example.com/files', ''), new Date());
const withFile = () => result({ fileName: 'diag.zip' });
const signed = { signingCertificate: '-----BEGIN CERTIFICATE-----', signature: 'c2lnbmF0dXJl' };

async function told(station: string): Promise<unknown[]> {
  return (await waitingEvents(database, { station })).map(({ type, body }) => [type, body['state']]);
}

/** A report as the session service keeps it. */
async function report(station: string, frame: number, status: string, more: { kind?: string; requestId?: number; receivedAt?: Date } = {}): Promise<void> {
  const data = { tenant, station, epoch: 1, frame, kind: 'firmware-update', status, receivedAt: new Date(), ...more };
  await database.prisma.maintenanceReport.create({ data });
}

describe('a log', () => {
  test('of diagnostics is asked for by GetDiagnostics, with a link of ours, and is a job under way', async () => {
    const gateway = await pod(withFile);
    const { station } = await connect(gateway.name);
    const answer = await upload(station, { from: '2026-03-01T13:00:00+01:00', retries: 2, retryIntervalSeconds: 60, requestedBy: 'helpdesk' });
    expect(answer).toMatchObject({ state: 'accepted', result: { payload: { fileName: 'diag.zip' } } });
    expect(gateway.calls[0]?.action).toBe('GetDiagnostics');
    const { location, ...rest } = payload(gateway.calls[0]);
    expect(rest).toEqual({ startTime: '2026-03-01T12:00:00.000Z', retries: 2, retryInterval: 60 });
    expect(linked(location)).toEqual({ verb: 'put', tenant, kind: 'log', owner: answer.id, name: '' });
    expect(await job(answer.id)).toMatchObject({
      station,
      kind: 'log-upload',
      requestId: null,
      location,
      details: { log: 'diagnostics', from: '2026-03-01T12:00:00.000Z', retries: 2, retryIntervalSeconds: 60 },
      requestedBy: 'helpdesk',
      state: 'running',
      answer: 'Accepted',
      fileName: 'diag.zip',
      endedAt: null,
    });
    expect(await told(station)).toEqual([
      ['log-upload.changed', 'ordered'],
      ['log-upload.changed', 'running'],
    ]);
  });

  test('of security is asked for by GetLog, to wherever the caller says', async () => {
    const gateway = await pod(accepting);
    const { station } = await connect(gateway.name);
    const { id } = await upload(station, { log: 'security', location: 'ftp://logs.example.com/in' });
    expect(gateway.calls[0]?.action).toBe('GetLog');
    const { requestId } = payload(gateway.calls[0]);
    expect(payload(gateway.calls[0])).toEqual({ logType: 'SecurityLog', requestId, log: { remoteLocation: 'ftp://logs.example.com/in' } });
    expect(await job(id)).toMatchObject({ requestId, state: 'running' });
  });

  test('goes to a file server with its password, which is kept nowhere', async () => {
    const gateway = await pod(withFile);
    const { station } = await connect(gateway.name);
    const { id } = await upload(station, { location: 'ftp://ops:hunter2@logs.example.com/in' });
    expect(payload(gateway.calls[0])).toEqual({ location: 'ftp://ops:hunter2@logs.example.com/in' });
    const location = 'ftp://ops:***@logs.example.com/in';
    expect(await job(id)).toMatchObject({ location, state: 'running' });
    expect((await database.prisma.command.findUniqueOrThrow({ where: { id } })).payload).toEqual({ location });
  });

  test('that there is none of is a job refused', async () => {
    const gateway = await pod(() => result({}));
    const { station } = await connect(gateway.name);
    const { id, state } = await upload(station);
    expect(state).toBe('rejected');
    expect(await job(id)).toMatchObject({ state: 'refused', answer: 'NoFile', endedAt: expect.any(Date) });
  });
});

describe('a job whose process died while it waited for the answer', () => {
  test.each([
    ['failed', 'offline', 'refused'],
    ['expired', 'expired', 'refused'],
    ['unknown', 'timeout', 'ordered'],
  ])('ends as its command did: %s', async (commandState, reason, state) => {
    const [id, station, long] = [crypto.randomUUID(), fresh('CS'), new Date(Date.now() - 60_000)];
    await database.prisma.maintenanceJob.create({ data: { id, tenant, station, kind: 'log-upload', location: 'https://x', details: {}, orderedAt: long, state: 'ordered' } });
    const command = { id, tenant, station, action: 'GetDiagnostics', payload: {}, createdAt: long, deadline: long, finishedAt: long };
    await database.prisma.command.create({ data: { ...command, state: commandState, result: { type: 'none', reason } } });
    await eventually('it is looked at', async () => (await job(id)).answer !== null);
    expect(await job(id)).toMatchObject({ state, answer: reason, endedAt: state === 'refused' ? long : null });
    expect(await told(station)).toEqual(state === 'refused' ? [['log-upload.changed', 'refused']] : []);
  });
});

describe('firmware', () => {
  test('of ours is asked for by a link that ends in its name', async () => {
    const gateway = await pod(() => result({}));
    const { station } = await connect(gateway.name);
    const file = { tenant, kind: 'firmware', owner: 'v2.bin', name: '', object: 'x', size: 1, sha256: '', receivedAt: new Date() };
    await database.prisma.storedFile.create({ data: file });
    const { id, state } = await update(station, { image: 'v2.bin', retrieveAt: '2026-12-24T00:00:00Z' });
    expect(state).toBe('accepted');
    expect(gateway.calls[0]?.action).toBe('UpdateFirmware');
    const { location, ...rest } = payload(gateway.calls[0]);
    expect(rest).toEqual({ retrieveDate: '2026-12-24T00:00:00.000Z' });
    expect(linked(location)).toEqual({ verb: 'get', tenant, kind: 'firmware', owner: 'v2.bin', name: '' });
    const path = String(location).replace('https://files.example.com/files', '');
    expect(() => openLink(filesSecret, path, new Date('2026-12-24T01:59:00Z'))).not.toThrow();
    expect(() => openLink(filesSecret, path, new Date('2026-12-24T02:01:00Z'))).toThrow('expired');
    expect(await job(id)).toMatchObject({ kind: 'firmware-update', requestId: null, state: 'running', details: { image: 'v2.bin', signed: false } });
  });

  test('that is signed is asked for by SignedUpdateFirmware', async () => {
    const gateway = await pod(accepting);
    const { station } = await connect(gateway.name);
    const { id } = await update(station, { location: 'https://vendor.example.com/v2.bin', installAt: '2026-12-24T00:00:00Z', ...signed });
    expect(gateway.calls[0]?.action).toBe('SignedUpdateFirmware');
    const { requestId, firmware } = payload(gateway.calls[0]);
    expect(firmware).toMatchObject({ location: 'https://vendor.example.com/v2.bin', installDateTime: '2026-12-24T00:00:00.000Z', ...signed });
    expect(await job(id)).toMatchObject({ requestId, state: 'running', details: { signed: true } });
  });

  test('whose certificate the station does not take is a job refused', async () => {
    const gateway = await pod(() => result({ status: 'InvalidCertificate' }));
    const { station } = await connect(gateway.name);
    const { id, state } = await update(station, { location: 'https://vendor.example.com/v2.bin', ...signed });
    expect(state).toBe('rejected');
    expect(await job(id)).toMatchObject({ state: 'refused', answer: 'InvalidCertificate' });
  });

  test('of no known name, of nowhere, of two places, or half signed is the caller\'s error, and nothing is stored', async () => {
    const gateway = await pod(accepting);
    const { station } = await connect(gateway.name);
    const location = 'https://vendor.example.com/v2.bin';
    expect((await rejection(update(station, { image: 'missing.bin' }))).code).toBe('not-found');
    for (const wrong of [{}, { image: 'v2.bin', location }, { location, signature: signed.signature }, { location: 'file:///etc/passwd' }, { image: '../x' }]) {
      expect((await rejection(update(station, wrong))).code).toBe('bad-value');
    }
    expect(gateway.calls).toEqual([]);
    expect(await database.prisma.command.count({ where: { station } })).toBe(0);
    expect(await database.prisma.maintenanceJob.count({ where: { station } })).toBe(0);
  });
});

describe('a job', () => {
  test('is there before the station is asked', async () => {
    const seen: unknown[] = [];
    const gateway = await pod(async ({ id }) => {
      seen.push((await job(id)).state);
      return result({});
    });
    const { station } = await connect(gateway.name);
    await update(station, { location: 'https://vendor.example.com/v2.bin' });
    expect(seen).toEqual(['ordered']);
  });

  test('is not made for a station that is offline, and is refused by one that could not be asked or answered with an error', async () => {
    const away = await upload('CS-offline');
    expect(away).toMatchObject({ state: 'failed', result: { reason: 'offline' } });
    expect(await database.prisma.maintenanceJob.count({ where: { station: 'CS-offline' } })).toBe(0);
    for (const [outcome, answer] of [
      [{ kind: 'not-written', reason: 'connection-lost' }, 'connection-lost'],
      [{ kind: 'error', code: 'NotImplemented', description: '', details: {} }, 'NotImplemented'],
    ] as const) {
      const gateway = await pod(() => outcome);
      const { station } = await connect(gateway.name);
      const { id } = await upload(station);
      expect(await job(id)).toMatchObject({ state: 'refused', answer });
      expect((await told(station)).at(-1)).toEqual(['log-upload.changed', 'refused']);
    }
  });

  test('stays open if the station may have got the order and did not answer', async () => {
    const gateway = await pod(() => ({ kind: 'unanswered', reason: 'timeout' }));
    const { station } = await connect(gateway.name);
    const { id, state } = await upload(station);
    expect(state).toBe('unknown');
    expect(await job(id)).toMatchObject({ state: 'ordered', answer: 'timeout', endedAt: null });
  });

  test('is one however often it is ordered under one idempotency key', async () => {
    const gateway = await pod(withFile);
    const { station } = await connect(gateway.name);
    const answers = await Promise.all([1, 2, 3].map(() => upload(station, { idempotencyKey: `one job of ${station}` })));
    expect(new Set(answers.map(({ id }) => id)).size).toBe(1);
    expect(gateway.calls).toHaveLength(1);
    expect(await database.prisma.maintenanceJob.count({ where: { station } })).toBe(1);
  });

  test('is made of a raw command too, once it is answered', async () => {
    const gateway = await pod(() => result({ status: 'Accepted', filename: 'security.log' }));
    const { station } = await connect(gateway.name);
    const raw = { logType: 'SecurityLog', requestId: 77, log: { remoteLocation: 'https://elsewhere.example.com/', oldestTimestamp: '2026-03-01T12:00:00Z' } };
    const { id } = await send(station, { action: 'GetLog', payload: raw, requestedBy: 'script' });
    expect(await job(id)).toMatchObject({
      kind: 'log-upload',
      requestId: 77,
      location: 'https://elsewhere.example.com/',
      details: { log: 'security', from: '2026-03-01T12:00:00.000Z' },
      requestedBy: 'script',
      state: 'running',
      fileName: 'security.log',
    });
  });

  test('is made of a raw command whose request id is larger than ours can be', async () => {
    const gateway = await pod(accepting);
    const { station } = await connect(gateway.name);
    const { id } = await send(station, { action: 'GetLog', payload: { logType: 'SecurityLog', requestId: 2 ** 40, log: { remoteLocation: 'https://a.example.com/' } } });
    expect(await job(id)).toMatchObject({ requestId: null, state: 'running' });
  });

  test('takes the reports that came before we knew of it, and stands as the newest says', async () => {
    const gateway = await pod(async ({ station }) => {
      await report(station, 1, 'Downloading');
      await report(station, 2, 'DownloadFailed');
      await report(station, 3, 'Idle');
      await report(station, 4, 'Uploading', { kind: 'log-upload' });
      return result({});
    });
    const { station } = await connect(gateway.name);
    await report(station, 0, 'Downloaded', { receivedAt: new Date(Date.now() - 60_000) });
    const { id } = await send(station, { action: 'UpdateFirmware', payload: { location: 'https://a.example.com/b', retrieveDate: '2026-03-01T12:00:00Z' } });
    expect(await job(id)).toMatchObject({ state: 'failed', status: 'DownloadFailed', epoch: 1n, frame: 2n });
    const rows = await database.prisma.maintenanceReport.findMany({ where: { station }, orderBy: { frame: 'asc' } });
    expect(rows.map(({ job: about }) => about)).toEqual([null, id, id, null, null]);
  });

  test('gives way to a newer one where no request id tells them apart, or where the station says so', async () => {
    const gateway = await pod(({ action }) => (action === 'GetLog' ? result({ status: 'AcceptedCanceled' }) : withFile()));
    const { station } = await connect(gateway.name);
    const first = await upload(station);
    const second = await upload(station);
    expect(await job(first.id)).toMatchObject({ state: 'superseded', endedAt: expect.any(Date) });
    expect(await job(second.id)).toMatchObject({ state: 'running' });
    await upload(station, { log: 'security' });
    expect(await job(second.id)).toMatchObject({ state: 'superseded' });
  });

  test('goes on beside a newer one that has a request id', async () => {
    const gateway = await pod(({ action }) => (action === 'GetLog' ? accepting() : withFile()));
    const { station } = await connect(gateway.name);
    const { id } = await upload(station);
    await upload(station, { log: 'security' });
    expect(await job(id)).toMatchObject({ state: 'running' });
  });
});
