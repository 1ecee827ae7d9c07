import { Fault } from '@ohmnibus/domain';
import { createHash, randomUUID } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { Transform, type Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** A file that has come in whole and is not stored yet. */
export interface StagedFile {
  readonly path: string;
  readonly size: number;
  /** In hexadecimal digits. */
  readonly sha256: string;
}

const abandonedAfterMs = 24 * 60 * 60 * 1000;

/** Where files gather until they are complete, so that nobody sees half of one. */
export class Staging {
  constructor(private readonly folder: string) {}

  /** Writes a stream to the disk. Throws a Fault, and leaves nothing behind: `too-large` beyond the limit, `unreadable` if the sender gave up. */
  async receive(source: Readable, limitBytes: number): Promise<StagedFile> {
    const path = join(this.folder, randomUUID());
    const hash = createHash('sha256');
    let size = 0;
    const measure = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        size += chunk.length;
        if (size > limitBytes) return done(new Fault('too-large', `the file is larger than ${limitBytes} bytes`));
        hash.update(chunk);
        done(null, chunk);
      },
    });
    try {
      await mkdir(this.folder, { recursive: true });
      // The source lives on: who sends too much is still to hear it.
      await pipeline(source.iterator({ destroyOnReturn: false }), measure, createWriteStream(path, { flags: 'wx', flush: true }));
    } catch (error) {
      await rm(path, { force: true }).catch(() => undefined);
      throw faultOf(error);
    }
    return { path, size, sha256: hash.digest('hex') };
  }

  /** Of a file that could not be stored, or has been. Never rejects. */
  async discard({ path }: StagedFile): Promise<void> {
    await rm(path, { force: true }).catch(() => undefined);
  }

  /** Removes what processes that died have left. Resolves to how many files there were. */
  async sweep(now: Date): Promise<number> {
    const names = await readdir(this.folder).catch(() => []);
    let removed = 0;
    for (const name of names) {
      const path = join(this.folder, name);
      const found = await stat(path).catch(() => undefined);
      if (!found?.isFile() || now.getTime() - found.mtimeMs < abandonedAfterMs) continue;
      await rm(path, { force: true });
      removed++;
    }
    return removed;
  }
}

function faultOf(error: unknown): Fault {
  if (error instanceof Fault) return error;
  const { code, message } = error as NodeJS.ErrnoException;
  const sender = code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET' || code === 'ABORT_ERR';
  if (sender || message === 'aborted') return new Fault('unreadable', 'the file broke off', {}, { cause: error });
  return new Fault('unavailable', `the disk does not take it: ${message}`, {}, { cause: error });
}
