import { describe, expect, test } from '@jest/globals';
import type { Database } from '@ohmnibus/database';
import { Fault, systemClock } from '@ohmnibus/domain';
import { FileLinks, LocalFileStore, Staging } from '@ohmnibus/files';
import { createLog } from '@ohmnibus/runtime';
import { eventually, waitingEvents } from '@ohmnibus/testkit';
import { createHash, randomBytes, randomUUID } from 'node:crypto';
import { readdir, writeFile } from 'node:fs/promises';
import { request as httpRequest } from 'node:http';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { api, apiKey, database, filesSecret, folder, listed, pages, strangersKey, tenant, url, useApi } from '../api-fixture.js';
import { KeepFiles } from './keep-files.js';
import { StoredFiles } from './stored-files.js';

useApi();

const hour = 3_600_000;
const links = () => new FileLinks(filesSecret, url);
const upload = (owner: string, until = Date.now() + hour) => links().toUpload({ tenant, kind: 'log', owner }, new Date(until));
const download = (owner: string, until = Date.now() + hour) => links().toDownload({ tenant, kind: 'firmware', owner }, new Date(until));
const digest = (content: Buffer | string) => createHash('sha256').update(content).digest('hex');
const objects = async (kind: string) => readdir(join(folder, kind)).catch(() => []);
/** As another process of the service has them. */
function storedFiles(store = folder, knows: Pick<Database, 'prisma' | 'run' | 'transaction'> = database): StoredFiles {
  const parts = { store: new LocalFileStore(store), staging: new Staging(join(folder, 'incomplete')), limitBytes: 100 };
  return new StoredFiles(knows, parts, systemClock, () => undefined);
}
const incomplete = () => readdir(join(folder, 'incomplete')).catch(() => []);

async function job(kind = 'log-upload'): Promise<string> {
  const id = randomUUID();
  await database.prisma.maintenanceJob.create({ data: { tenant, id, station: 'CS-1', kind, location: 'x', details: { log: 'security' }, orderedAt: new Date(), state: 'running' } });
  return id;
}

function putImage(name: string, content: Buffer | string, type = 'application/octet-stream') {
  return fetch(`${url}/api/v1/firmware/${name}`, { method: 'PUT', headers: { authorization: `Bearer ${apiKey}`, 'content-type': type }, body: content as RequestInit['body'] });
}

const asOperator = (path: string, headers: Record<string, string> = {}) => fetch(`${url}/api/v1${path}`, { headers: { authorization: `Bearer ${apiKey}`, ...headers } });

describe('firmware', () => {
  test('is uploaded, listed, replaced and deleted by the operator', async () => {
    const first = await putImage('wallbox-1.bin', 'one');
    expect([first.status, await first.json()]).toEqual([201, { name: 'wallbox-1.bin', size: 3, sha256: digest('one'), uploadedAt: expect.any(String) }]);
    await putImage('wallbox-2.json', '{"not": "parsed"', 'application/json');
    expect(await listed('/firmware', 'name')).toEqual(['wallbox-1.bin', 'wallbox-2.json']);
    expect((await pages('/firmware', 1)).map((page) => page.map(({ name }) => name))).toEqual([['wallbox-1.bin'], ['wallbox-2.json']]);
    const second = await putImage('wallbox-1.bin', 'two two');
    expect([second.status, await second.json()]).toMatchObject([200, { size: 7, sha256: digest('two two') }]);
    expect(await objects('firmware')).toHaveLength(2);
    expect(await (await asOperator('/firmware/wallbox-1.bin/file')).text()).toBe('two two');
    expect((await api('GET', '/firmware/wallbox-2.json')).body).toMatchObject({ size: 16 });
    for (const name of ['wallbox-1.bin', 'wallbox-2.json']) expect((await api('DELETE', `/firmware/${name}`)).status).toBe(204);
    expect(await objects('firmware')).toEqual([]);
    expect((await api('DELETE', '/firmware/wallbox-1.bin')).status).toBe(404);
    expect((await api('GET', '/firmware/wallbox-1.bin')).status).toBe(404);
    expect((await asOperator('/firmware/wallbox-1.bin/file')).status).toBe(404);
  });

  test('is named so that it fits into a link, and is no larger than allowed', async () => {
    for (const name of ['.hidden', 'a%20b', '%2e%2e%2fx', 'x'.repeat(101)]) expect((await putImage(name, 'x')).status).toBe(400);
    const tooLarge = await putImage('large.bin', Buffer.alloc(1024 * 1024 + 1));
    expect([tooLarge.status, await tooLarge.json()]).toMatchObject([413, { code: 'too-large' }]);
    expect((await putImage('limit.bin', Buffer.alloc(1024 * 1024))).status).toBe(201);
    expect(await incomplete()).toEqual([]);
  });

  test('belongs to its tenant, and needs the key', async () => {
    await putImage('mine.bin', 'x');
    expect((await api('GET', '/firmware/mine.bin', undefined, { authorization: `Bearer ${strangersKey}` })).status).toBe(404);
    expect((await fetch(`${url}/api/v1/firmware/mine.bin`, { method: 'PUT', body: 'y' })).status).toBe(401);
    const strange = new FileLinks(filesSecret, url).toDownload({ tenant: 'stranger', kind: 'firmware', owner: 'mine.bin' }, new Date(Date.now() + hour));
    expect((await fetch(strange)).status).toBe(404);
  });
});

describe('a file that comes in while', () => {
  const arriving = (owner: string, text: string) => ({ tenant, kind: 'firmware', owner, name: '', contentType: undefined, announced: undefined, body: Readable.from([text]) }) as const;

  test('the store cannot be used leaves nothing behind', async () => {
    await writeFile(join(folder, 'no-folder'), '');
    await expect(storedFiles(join(folder, 'no-folder')).receive(arriving('full.bin', 'x'))).rejects.toMatchObject({ code: 'unavailable' });
    expect(await incomplete()).toEqual([]);
    expect((await api('GET', '/firmware/full.bin')).status).toBe(404);
  });

  test('the database cannot be used leaves nothing behind, and the file before is still there', async () => {
    await storedFiles().receive(arriving('kept.bin', 'before'));
    const before = await objects('firmware');
    const failing = { prisma: database.prisma, run: database.run.bind(database), transaction: () => Promise.reject(new Fault('unavailable', 'gone')) };
    await expect(storedFiles(folder, failing).receive(arriving('kept.bin', 'after'))).rejects.toMatchObject({ code: 'unavailable' });
    expect(await objects('firmware')).toEqual(before);
    expect(await (await asOperator('/firmware/kept.bin/file')).text()).toBe('before');
  });

  test('the answer to its commit is lost can be read all the same', async () => {
    await storedFiles().receive(arriving('doubtful.bin', 'before'));
    const transaction: Database['transaction'] = async (work) => {
      await database.transaction(work);
      throw new Fault('unavailable', 'the connection was lost');
    };
    await expect(storedFiles(folder, { prisma: database.prisma, run: database.run.bind(database), transaction }).receive(arriving('doubtful.bin', 'after'))).rejects.toMatchObject({ code: 'unavailable' });
    expect(await (await asOperator('/firmware/doubtful.bin/file')).text()).toBe('after');
  });
});

describe('a station fetches firmware', () => {
  const image = randomBytes(300_000);

  test('by a link, whole, with its length, and asks for its head alone', async () => {
    await putImage('image.bin', image);
    const whole = await fetch(download('image.bin'));
    expect([whole.status, whole.headers.get('content-length'), whole.headers.get('accept-ranges')]).toEqual([200, '300000', 'bytes']);
    expect(Buffer.from(await whole.arrayBuffer()).equals(image)).toBe(true);
    const head = await fetch(download('image.bin'), { method: 'HEAD' });
    expect([head.status, head.headers.get('content-length'), await head.text()]).toEqual([200, '300000', '']);
  });

  test.each([
    ['bytes=0-9', 206, [0, 10], 'bytes 0-9/300000'],
    ['bytes=299990-', 206, [299_990, 300_000], 'bytes 299990-299999/300000'],
    ['bytes=-5', 206, [299_995, 300_000], 'bytes 299995-299999/300000'],
    ['bytes=299999-999999', 206, [299_999, 300_000], 'bytes 299999-299999/300000'],
    ['bytes=300000-', 416, [0, 0], 'bytes */300000'],
    ['bytes=0-1,5-6', 200, [0, 300_000], null],
    ['lines=1-2', 200, [0, 300_000], null],
  ] as const)('in part: %s', async (range, status, [start, end], contentRange) => {
    await putImage('part.bin', image);
    const response = await fetch(download('part.bin'), { headers: { range } });
    expect([response.status, response.headers.get('content-range'), response.headers.get('content-length')]).toEqual([status, contentRange, String(end - start)]);
    expect(Buffer.from(await response.arrayBuffer()).equals(image.subarray(start, end))).toBe(true);
  });

  test('from where it stopped, unless the image has changed since', async () => {
    await putImage('changing.bin', 'the first image');
    const tag = (await fetch(download('changing.bin'))).headers.get('etag') ?? '';
    const headers = { range: 'bytes=4-', 'if-range': tag };
    expect(await (await fetch(download('changing.bin'), { headers })).text()).toBe('first image');
    await putImage('changing.bin', 'another image');
    const again = await fetch(download('changing.bin'), { headers });
    expect([again.status, await again.text()]).toEqual([200, 'another image']);
  });

  test('and is told why if it cannot', async () => {
    await putImage('refused.bin', 'x');
    const ways: [string, string, number, string][] = [
      ['GET', download('refused.bin', Date.now() - 2000), 403, 'the link has expired\n'],
      ['GET', download('refused.bin').replace('/get/', '/get/z'), 403, 'the link is not one of ours\n'],
      ['GET', `${url}/files/whatever`, 404, 'this is no link to a file\n'],
      ['GET', download('missing.bin'), 404, 'there is no such file\n'],
      ['PUT', download('refused.bin'), 405, 'this link is for GET and HEAD\n'],
      ['GET', upload(await job()), 405, 'this link is for PUT and POST\n'],
    ];
    for (const [method, link, status, reason] of ways) {
      const response = await fetch(link, { method });
      expect([response.status, await response.text()]).toEqual([status, reason]);
    }
  });
});

describe('a station uploads a log', () => {
  const files = async (id: string) => (await api('GET', `/log-uploads/${id}`)).body;

  test.each(['PUT', 'POST'])('by %s, under a name of its own, and the operator reads it', async (method) => {
    const id = await job();
    const response = await fetch(`${upload(id)}diag%20%C3%A4.log`, { method, body: 'all is well' });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(await files(id)).toMatchObject({ log: 'security', files: [{ name: 'diag ä.log', size: 11, sha256: digest('all is well'), receivedAt: expect.any(String) }] });
    const read = await asOperator(`/log-uploads/${id}/file`);
    expect([read.status, await read.text()]).toEqual([200, 'all is well']);
    expect(read.headers.get('content-type')).toBe('application/octet-stream');
    expect(read.headers.get('content-disposition')).toBe(`attachment; filename="diag__.log"; filename*=UTF-8''diag%20%C3%A4.log`);
    const told = await waitingEvents(database, { type: 'log-upload.received', station: 'CS-1' });
    expect(told.at(-1)?.body).toMatchObject({ id, name: 'diag ä.log', size: 11 });
  });

  test('of unknown length, in chunks', async () => {
    const id = await job();
    await new Promise<void>((resolve, reject) => {
      const sending = httpRequest(upload(id), { method: 'PUT' }, (response) => (response.statusCode === 200 ? resolve() : reject(new Error(String(response.statusCode))))).on('error', reject);
      sending.write('in two ');
      setImmediate(() => sending.end('parts'));
    });
    expect(await (await asOperator(`/log-uploads/${id}/file`)).text()).toBe('in two parts');
    expect(await files(id)).toMatchObject({ files: [{ name: 'log' }] });
  });

  test('as a form', async () => {
    const id = await job();
    const form = new FormData();
    form.set('comment', 'from the field');
    form.set('file', new Blob(['in a form']), 'form.log');
    expect((await fetch(upload(id), { method: 'POST', body: form })).status).toBe(200);
    expect(await files(id)).toMatchObject({ files: [{ name: 'form.log', size: 9 }] });
    const empty = new FormData();
    empty.set('comment', 'no file');
    const refused = await fetch(upload(id), { method: 'POST', body: empty });
    expect([refused.status, await refused.text()]).toEqual([400, 'the form holds no file\n']);
    expect((await fetch(upload(id), { method: 'POST', body: 'x', headers: { 'content-type': 'multipart/form-data' } })).status).toBe(400);
  });

  test('in several files, the newest of which is the upload\'s, and again under the same name', async () => {
    const id = await job();
    for (const [name, body] of [['a', 'first'], ['b', 'second'], ['a', 'third']] as const) await fetch(`${upload(id)}${name}`, { method: 'PUT', body });
    expect(await files(id)).toMatchObject({ files: [{ name: 'a', size: 5 }, { name: 'b', size: 6 }] });
    expect(await (await asOperator(`/log-uploads/${id}/file`)).text()).toBe('third');
    expect(await (await asOperator(`/log-uploads/${id}/file?name=b`)).text()).toBe('second');
    const before = await objects('log');
    expect((await api('DELETE', `/log-uploads/${id}/file`)).status).toBe(204);
    expect(await objects('log')).toHaveLength(before.length - 2);
    expect(await files(id)).toMatchObject({ files: [] });
    expect((await asOperator(`/log-uploads/${id}/file`)).status).toBe(404);
  });

  test('not beyond the limit, be its length announced or not, and hears so', async () => {
    const id = await job();
    const announced = await fetch(upload(id), { method: 'PUT', body: Buffer.alloc(1024 * 1024 + 1) });
    expect([announced.status, await announced.text()]).toEqual([413, 'the file is larger than 1048576 bytes\n']);
    const stream = new ReadableStream({
      start(controller) {
        for (let i = 0; i < 17; i++) controller.enqueue(new Uint8Array(64 * 1024));
        controller.close();
      },
    });
    const streamed = await fetch(upload(id), { method: 'PUT', body: stream, duplex: 'half' });
    expect(streamed.status).toBe(413);
    expect(await files(id)).toMatchObject({ files: [] });
    expect(await incomplete()).toEqual([]);
  });

  test('not in parts', async () => {
    const response = await fetch(upload(await job()), { method: 'PUT', body: 'x', headers: { 'content-range': 'bytes 0-0/5' } });
    expect(response.status).toBe(400);
  });

  test('or loses its connection, and nothing stays behind', async () => {
    const id = await job();
    const sending = httpRequest(upload(id), { method: 'PUT', headers: { 'content-length': 1000 } }).on('error', () => undefined);
    sending.write('half of it');
    await eventually('the file arrives', async () => (await incomplete()).length === 1);
    sending.destroy();
    await eventually('the half is gone', async () => (await incomplete()).length === 0);
    expect(await files(id)).toMatchObject({ files: [] });
  });

  test('and no more than a hundred of them', async () => {
    const id = await job();
    for (let i = 0; i < 100; i++) await fetch(`${upload(id)}${i}`, { method: 'PUT', body: 'x' });
    const before = await objects('log');
    expect((await fetch(`${upload(id)}one-more`, { method: 'PUT', body: 'x' })).status).toBe(409);
    expect((await fetch(`${upload(id)}0`, { method: 'PUT', body: 'y' })).status).toBe(200);
    expect(await objects('log')).toHaveLength(before.length);
  });

  test('and it is kept for so many days, while its upload stays on record', async () => {
    const id = await job();
    for (const name of ['old', 'new']) await fetch(`${upload(id)}${name}`, { method: 'PUT', body: 'x' });
    const before = await objects('log');
    const almost = new Date(Date.now() - 30 * 24 * hour + 60_000);
    await database.prisma.storedFile.updateMany({ where: { owner: id, name: 'old' }, data: { receivedAt: almost } });
    const removed = (at: Date) => new KeepFiles(database.prisma, storedFiles(), new Staging(join(folder, 'incomplete')), 30, { now: () => at }, createLog('api', 'silent')).run();
    await removed(new Date());
    expect(await objects('log')).toHaveLength(before.length);
    await removed(new Date(Date.now() + 120_000));
    expect(await objects('log')).toHaveLength(before.length - 1);
    expect(await files(id)).toMatchObject({ files: [{ name: 'new' }] });
  });

  test('and only the tenant that asked reads it', async () => {
    const id = await job();
    await fetch(upload(id), { method: 'PUT', body: 'x' });
    const headers = { authorization: `Bearer ${strangersKey}` };
    expect((await api('GET', `/log-uploads/${id}/file`, undefined, headers)).status).toBe(404);
    expect((await api('GET', `/log-uploads/${id}`, undefined, headers)).status).toBe(404);
    expect((await fetch(`${url}/api/v1/log-uploads/${id}/file`)).status).toBe(401);
  });
});
