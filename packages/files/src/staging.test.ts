import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createHash } from 'node:crypto';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { LocalFileStore } from './local-file-store.js';
import { Staging } from './staging.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ohmnibus-files-'));
});
afterAll(() => rm(folder, { recursive: true }));

const bytes = Buffer.from('0123456789'.repeat(20_000));
const chunks = () => Readable.from([bytes.subarray(0, 70_000), bytes.subarray(70_000)]);
const text = async (stream: Readable) => Buffer.concat(await stream.toArray()).toString();

test('a file that came in whole is on the disk, with its size and digest', async () => {
  const staged = await new Staging(join(folder, 'whole')).receive(chunks(), bytes.length);
  expect(await readFile(staged.path)).toEqual(bytes);
  expect(staged).toMatchObject({ size: bytes.length, sha256: createHash('sha256').update(bytes).digest('hex') });
});

test('one byte more than allowed is too much, and nothing stays behind', async () => {
  await expect(new Staging(join(folder, 'large')).receive(chunks(), bytes.length - 1)).rejects.toMatchObject({ code: 'too-large' });
  expect(await readdir(join(folder, 'large'))).toEqual([]);
});

test('a file that breaks off leaves nothing behind', async () => {
  async function* half() {
    yield bytes.subarray(0, 10);
    await Promise.resolve();
    throw Object.assign(new Error('aborted'), { code: 'ECONNRESET' });
  }
  await expect(new Staging(join(folder, 'broken')).receive(Readable.from(half()), 100)).rejects.toMatchObject({ code: 'unreadable' });
  expect(await readdir(join(folder, 'broken'))).toEqual([]);
});

test('a folder that cannot be written to is no fault of the sender', async () => {
  await writeFile(join(folder, 'no-folder'), '');
  await expect(new Staging(join(folder, 'no-folder')).receive(chunks(), bytes.length)).rejects.toMatchObject({ code: 'unavailable' });
});

test('what processes left behind is removed after a day', async () => {
  const staging = new Staging(join(folder, 'left'));
  const old = await staging.receive(chunks(), bytes.length);
  const fresh = await staging.receive(chunks(), bytes.length);
  const now = new Date();
  await utimes(old.path, now, new Date(now.getTime() - 25 * 60 * 60 * 1000));
  expect(await staging.sweep(now)).toBe(1);
  expect(await readdir(join(folder, 'left'))).toEqual([fresh.path.split('/').at(-1)]);
  expect(await new Staging(join(folder, 'never')).sweep(now)).toBe(0);
});

test('a folder keeps files whole or in part, and forgets them', async () => {
  const store = new LocalFileStore(join(folder, 'store'));
  const staged = await new Staging(join(folder, 'staging')).receive(chunks(), bytes.length);
  await store.put('log/a', staged.path);
  expect(await readdir(join(folder, 'staging'))).toEqual([]);
  expect(await text(await store.open('log/a'))).toBe(bytes.toString());
  expect(await text(await store.open('log/a', { start: 10, end: 14 }))).toBe('01234');
  await store.delete('log/a');
  await store.delete('log/a');
  await expect(store.open('log/a')).rejects.toMatchObject({ code: 'not-found' });
});

test('whoever reads a file that is replaced reads on in the old one', async () => {
  const store = new LocalFileStore(join(folder, 'replaced'));
  const staging = new Staging(join(folder, 'staging'));
  await store.put('x', (await staging.receive(chunks(), bytes.length)).path);
  const reader = await store.open('x');
  await store.put('x', (await staging.receive(Readable.from([Buffer.from('new')]), 10)).path);
  expect(await text(reader)).toBe(bytes.toString());
  expect(await text(await store.open('x'))).toBe('new');
});
