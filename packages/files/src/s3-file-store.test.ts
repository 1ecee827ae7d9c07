import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createHash, createHmac } from 'node:crypto';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { S3FileStore } from './s3-file-store.js';

const region = 'eu-central-1';
const secretAccessKey = 'of these tests';
const objects = new Map<string, Buffer>();
let asked: IncomingMessage[] = [];
let broken = false;
let server: Server;
let url: string;
let folder: string;
let store: S3FileStore;

const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();

/** What AWS says a signature (version 4) is, computed anew from the request as it arrived. */
function signatureOf({ method, url: path, headers }: IncomingMessage): string {
  const [, scope = '', names = ''] = /Credential=[^/]+\/([^,]+), ?SignedHeaders=([^,]+)/.exec(headers.authorization ?? '') ?? [];
  const signed = names.split(';').map((name) => `${name}:${String(headers[name]).trim()}\n`);
  const canonical = [method, path, '', signed.join(''), names, headers['x-amz-content-sha256']].join('\n');
  const text = ['AWS4-HMAC-SHA256', headers['x-amz-date'], scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const [date = '', , service = ''] = scope.split('/');
  const key = hmac(hmac(hmac(hmac(`AWS4${secretAccessKey}`, date), region), service), 'aws4_request');
  return hmac(key, text).toString('hex');
}

/** As much of S3 as the store uses; it takes no body whose length it does not know. */
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  asked.push(request);
  const body = Buffer.concat((await request.toArray()) as Buffer[]);
  const key = request.url ?? '';
  if (broken) return void response.writeHead(500).end('<Error/>');
  if (!request.headers.authorization?.endsWith(`Signature=${signatureOf(request)}`)) return void response.writeHead(403).end('<Code>SignatureDoesNotMatch</Code>');
  if (request.method === 'PUT') {
    if (request.headers['content-length'] === undefined) return void response.writeHead(411).end();
    objects.set(key, body);
    return void response.end();
  }
  if (request.method === 'DELETE') return void response.writeHead(objects.delete(key) ? 204 : 404).end();
  const object = objects.get(key);
  if (!object) return void response.writeHead(404).end('<Code>NoSuchKey</Code>');
  const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '') ?? [];
  response.writeHead(start === undefined ? 200 : 206).end(start === undefined ? object : object.subarray(Number(start), Number(end) + 1));
}

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ohmnibus-s3-'));
  server = createServer((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  store = new S3FileStore({ url: `${url}/bucket/prefix/`, region, accessKeyId: 'AKIA', secretAccessKey });
});
beforeEach(() => {
  asked = [];
  broken = false;
  objects.clear();
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true });
});

const text = async (stream: Readable) => Buffer.concat(await stream.toArray()).toString();

async function put(key: string, content: string): Promise<void> {
  await writeFile(join(folder, 'staged'), content);
  await store.put(key, join(folder, 'staged'), Buffer.byteLength(content));
}

test('a file goes to the bucket under its prefix, signed and streamed, and leaves the disk', async () => {
  const content = 'a log of the station '.repeat(20_000);
  await put('log/a-1', content);
  expect([...objects]).toEqual([['/bucket/prefix/log/a-1', Buffer.from(content)]]);
  expect(asked[0]?.headers).toMatchObject({ 'content-length': String(content.length), 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' });
  expect(await readdir(folder)).toEqual([]);
});

test('it is read back whole and in part', async () => {
  await put('firmware/b', '0123456789');
  expect(await text(await store.open('firmware/b'))).toBe('0123456789');
  expect(await text(await store.open('firmware/b', { start: 2, end: 4 }))).toBe('234');
});

test('an empty file is a file', async () => {
  await put('log/empty', '');
  expect(await text(await store.open('log/empty'))).toBe('');
});

test('what is deleted is gone, and may be deleted again', async () => {
  await put('log/c', 'x');
  await store.delete('log/c');
  await store.delete('log/c');
  await expect(store.open('log/c')).rejects.toMatchObject({ code: 'not-found' });
});

test('a wrong secret, a store that fails and one that is away are all unavailable, and the file stays on the disk', async () => {
  const stranger = new S3FileStore({ url, region, accessKeyId: 'AKIA', secretAccessKey: 'wrong' });
  await expect(stranger.open('log/a')).rejects.toMatchObject({ code: 'unavailable', message: 'the object store answers 403' });
  broken = true;
  await expect(put('log/d', 'x')).rejects.toMatchObject({ code: 'unavailable', message: 'the object store answers 500' });
  expect(await readdir(folder)).toEqual(['staged']);
  const nowhere = new S3FileStore({ url: 'http://127.0.0.1:1/bucket', region, accessKeyId: 'AKIA', secretAccessKey });
  await expect(nowhere.open('log/a')).rejects.toMatchObject({ code: 'unavailable' });
});
