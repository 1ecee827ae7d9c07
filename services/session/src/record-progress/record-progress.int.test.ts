import { expect, test } from '@jest/globals';
import type { JobKind, JobState } from '@ohmnibus/domain';
import { randomUUID } from 'node:crypto';
import { frameOf } from '../session-fixture.js';
import { asker, useSession } from '../running-session-fixture.js';

useSession();

async function ordered(station: string, kind: JobKind, more: { state?: JobState; requestId?: number; orderedAt?: Date } = {}): Promise<string> {
  const id = randomUUID();
  const data = { tenant: 'acme', id, station, kind, location: 'http://files/', details: {}, orderedAt: new Date(), state: 'running', ...more };
  await asker.database.prisma.maintenanceJob.create({ data });
  return id;
}

const empty = { kind: 'result', payload: '{}' };
const says = (station: string, frame: number, action: string, payload: object, epoch = 1) => asker.call(frameOf(station, epoch, frame), action, payload);
const job = (id: string): Promise<object> => asker.database.prisma.maintenanceJob.findUniqueOrThrow({ where: { tenant_id: { tenant: 'acme', id } } });
const history = (station: string) => asker.database.prisma.maintenanceReport.findMany({ where: { station }, orderBy: [{ epoch: 'asc' }, { frame: 'asc' }] });
const told = async (station: string) => (await asker.events(station)).map(({ type, body }) => [type, body['status'], body['state'], body['id']]);

test('an update without a request id is followed from download to installation', async () => {
  const id = await ordered('CS-1', 'firmware-update', { state: 'ordered' });
  const words = ['Downloading', 'Downloaded', 'Installing', 'Installed'];
  for (const [i, status] of words.entries()) expect(await says('CS-1', i + 1, 'FirmwareStatusNotification', { status })).toEqual(empty);
  const last = frameOf('CS-1', 1, 4).receivedAt;
  expect(await job(id)).toMatchObject({ state: 'succeeded', status: 'Installed', statusAt: last, endedAt: last, epoch: 1n, frame: 4n });
  expect((await history('CS-1')).map(({ status, job: about, receivedAt }) => [status, about, receivedAt])).toEqual(
    words.map((status, i) => [status, id, frameOf('CS-1', 1, i + 1).receivedAt]),
  );
  expect(await told('CS-1')).toEqual([
    ['firmware-update.changed', 'Downloading', 'running', id],
    ['firmware-update.changed', 'Downloaded', 'running', id],
    ['firmware-update.changed', 'Installing', 'running', id],
    ['firmware-update.changed', 'Installed', 'succeeded', id],
  ]);
});

test('the frame of a report that comes twice is kept, counted and told once', async () => {
  const id = await ordered('CS-2', 'log-upload');
  await Promise.all([1, 1, 1].map((frame) => says('CS-2', frame, 'DiagnosticsStatusNotification', { status: 'UploadFailed' })));
  expect(await job(id)).toMatchObject({ state: 'failed', status: 'UploadFailure' });
  expect(await history('CS-2')).toHaveLength(1);
  expect(await told('CS-2')).toHaveLength(1);
});

test('a report that says the same again is history and no news', async () => {
  const id = await ordered('CS-3', 'log-upload');
  for (const frame of [1, 2, 3]) await says('CS-3', frame, 'DiagnosticsStatusNotification', { status: 'Uploading' });
  expect(await job(id)).toMatchObject({ state: 'running', status: 'Uploading', frame: 3n });
  expect(await history('CS-3')).toHaveLength(3);
  expect(await told('CS-3')).toHaveLength(1);
});

test('a late report is kept with its job and does not put it back', async () => {
  const id = await ordered('CS-4', 'firmware-update');
  await says('CS-4', 1, 'FirmwareStatusNotification', { status: 'Installed' }, 2);
  await says('CS-4', 9, 'FirmwareStatusNotification', { status: 'Downloading' }, 1);
  expect(await job(id)).toMatchObject({ state: 'succeeded', status: 'Installed' });
  expect((await history('CS-4')).map(({ status, job: about }) => [status, about])).toEqual([
    ['Downloading', id],
    ['Installed', id],
  ]);
  expect(await told('CS-4')).toEqual([['firmware-update.changed', 'Installed', 'succeeded', id]]);
});

test('a job that failed goes on when the station tries again, and its end is forgotten', async () => {
  const id = await ordered('CS-5', 'firmware-update');
  await says('CS-5', 1, 'FirmwareStatusNotification', { status: 'DownloadFailed' });
  expect(await job(id)).toMatchObject({ state: 'failed', endedAt: expect.any(Date) });
  await says('CS-5', 2, 'FirmwareStatusNotification', { status: 'Downloading' });
  expect(await job(id)).toMatchObject({ state: 'running', endedAt: null });
});

test('jobs with request ids are told apart, also by their kind, and reports without one concern the newest', async () => {
  const earlier = new Date(Date.now() - 60_000);
  const first = await ordered('CS-6', 'log-upload', { requestId: 1, orderedAt: earlier });
  const second = await ordered('CS-6', 'log-upload', { requestId: 2 });
  const firmware = await ordered('CS-6', 'firmware-update', { requestId: 1 });
  await says('CS-6', 1, 'LogStatusNotification', { status: 'Uploaded', requestId: 1 });
  await says('CS-6', 2, 'LogStatusNotification', { status: 'Uploading' });
  await says('CS-6', 3, 'SignedFirmwareStatusNotification', { status: 'InvalidSignature', requestId: 1 });
  expect(await job(first)).toMatchObject({ state: 'succeeded', status: 'Uploaded' });
  expect(await job(second)).toMatchObject({ state: 'running', status: 'Uploading' });
  expect(await job(firmware)).toMatchObject({ state: 'failed', status: 'InvalidSignature' });
});

test('an old job is still found by its request id behind many newer ones', async () => {
  const old = await ordered('CS-7', 'log-upload', { requestId: 1, orderedAt: new Date(0) });
  for (let requestId = 2; requestId < 30; requestId++) await ordered('CS-7', 'log-upload', { requestId });
  await says('CS-7', 1, 'LogStatusNotification', { status: 'Uploaded', requestId: 1 });
  expect(await job(old)).toMatchObject({ state: 'succeeded' });
});

test('what is about no known job is answered, kept and told all the same', async () => {
  expect(await says('CS-8', 1, 'LogStatusNotification', { status: 'Uploading', requestId: 7 })).toEqual(empty);
  expect(await says('CS-8', 2, 'FirmwareStatusNotification', { status: 'Idle' })).toEqual(empty);
  expect((await history('CS-8')).map(({ kind, status, requestId, job: about }) => [kind, status, requestId, about])).toEqual([
    ['log-upload', 'Uploading', 7, null],
    ['firmware-update', 'Idle', null, null],
  ]);
  expect(await told('CS-8')).toEqual([
    ['log-upload.changed', 'Uploading', undefined, undefined],
    ['firmware-update.changed', 'Idle', undefined, undefined],
  ]);
});

test('that a station does nothing changes no job', async () => {
  const id = await ordered('CS-9', 'firmware-update');
  await says('CS-9', 1, 'FirmwareStatusNotification', { status: 'Idle' });
  expect(await job(id)).toMatchObject({ state: 'running', status: null });
});

test('the reports of a station that come at once, in any order, leave its job at the newest', async () => {
  const id = await ordered('CS-10', 'firmware-update');
  const words = ['Downloading', 'DownloadFailed', 'Downloading', 'Downloaded', 'Installing', 'Installed'];
  const order = [4, 0, 5, 2, 1, 3];
  await Promise.all(order.map((i) => says('CS-10', i + 1, 'FirmwareStatusNotification', { status: words[i] })));
  expect(await job(id)).toMatchObject({ state: 'succeeded', status: 'Installed', frame: 6n });
  expect((await history('CS-10')).map(({ status }) => status)).toEqual(words);
});

test('a request id that no order of ours can have is about the job that was ordered without one', async () => {
  const id = await ordered('CS-12', 'log-upload');
  expect(await says('CS-12', 1, 'LogStatusNotification', { status: 'Uploaded', requestId: 2 ** 40 })).toEqual(empty);
  expect(await job(id)).toMatchObject({ state: 'succeeded' });
  expect(await history('CS-12')).toMatchObject([{ status: 'Uploaded', requestId: null, job: id }]);
});

test('a word of no version is refused and nothing is kept', async () => {
  expect(await says('CS-11', 1, 'FirmwareStatusNotification', { status: 'Done' })).toMatchObject({ kind: 'error', code: 'PropertyConstraintViolation' });
  expect(await history('CS-11')).toEqual([]);
});
