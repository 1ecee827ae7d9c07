import { Fault } from '@ohmnibus/domain';
import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { ByteRange, FileStore } from './file-store.js';

/** Files in a folder. Several processes share it if they share the disk. */
export class LocalFileStore implements FileStore {
  constructor(private readonly folder: string) {}

  async put(key: string, file: string): Promise<void> {
    const target = join(this.folder, key);
    await passing(async () => {
      await mkdir(dirname(target), { recursive: true });
      await move(file, target);
      await sync(dirname(target));
    });
  }

  async open(key: string, range?: ByteRange): Promise<Readable> {
    const handle = await passing(() => open(join(this.folder, key)));
    return handle.createReadStream(range);
  }

  async delete(key: string): Promise<void> {
    await passing(() => rm(join(this.folder, key), { force: true }));
  }
}

/** Renaming is one step, but only within a disk. */
async function move(file: string, target: string): Promise<void> {
  try {
    await rename(file, target);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error;
    await copyFile(file, `${target}.part`);
    await sync(`${target}.part`);
    await rename(`${target}.part`, target);
    await rm(file);
  }
}

/** What the disk has not written yet would be gone with the machine. */
async function sync(path: string): Promise<void> {
  const handle = await open(path);
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function passing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') throw new Fault('not-found', 'the file is not there', {}, { cause: error });
    throw new Fault('unavailable', `the disk does not take it: ${message}`, {}, { cause: error });
  }
}
