import { tell, type Database, type Statement } from '@ohmnibus/database';
import { Fault, type Clock } from '@ohmnibus/domain';
import type { ByteRange, FileAddress, FileStore, Staging } from '@ohmnibus/files';
import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';

/** A file that has come in whole. */
export interface StoredFile extends FileAddress {
  readonly name: string;
  readonly size: number;
  readonly sha256: string;
  readonly contentType: string | undefined;
  readonly receivedAt: Date;
}

/** A file on its way in. */
export interface ArrivingFile extends FileAddress {
  readonly name: string;
  readonly contentType: string | undefined;
  readonly body: Readable;
  /** In bytes, if the sender says so. */
  readonly announced: number | undefined;
}

export interface FileParts {
  readonly store: FileStore;
  readonly staging: Staging;
  readonly limitBytes: number;
}

/** A station that puts file after file is not sending a log. */
const filesOfAnOwner = 100;

const lockOwner: Statement = { name: 'file-lock', text: `SELECT pg_advisory_xact_lock(hashtextextended('file/' || $1 || '/' || $2 || '/' || $3, 0))` };

const countOthers: Statement = {
  name: 'file-count',
  text: 'SELECT count(*)::int FROM stored_file WHERE tenant = $1 AND kind = $2 AND owner = $3 AND name <> $4',
};

/** The object of the file before, so that it can go. */
const presentObject: Statement = { name: 'file-present', text: 'SELECT object FROM stored_file WHERE tenant = $1 AND kind = $2 AND owner = $3 AND name = $4' };

const keepFile: Statement = {
  name: 'file-keep',
  text: `INSERT INTO stored_file (tenant, kind, owner, name, object, size, sha256, content_type, received_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
    ON CONFLICT (tenant, kind, owner, name) DO UPDATE SET object = excluded.object, size = excluded.size, sha256 = excluded.sha256,
      content_type = excluded.content_type, received_at = excluded.received_at`,
};

const tellReceived: Statement = {
  name: 'file-tell',
  text: tell(`
    SELECT tenant, station, 'log-upload.received', json_build_object('id', id, 'name', $3::text, 'size', $4::bigint, 'sha256', $5::text, 'at', $6::timestamptz)
    FROM maintenance_job WHERE tenant = $1 AND id::text = $2`),
};

const dropFiles: Statement = { name: 'file-drop', text: 'DELETE FROM stored_file WHERE tenant = $1 AND kind = $2 AND owner = $3 AND ($4::text IS NULL OR name = $4) RETURNING object' };

/** Files with what is known of them. A file is replaced in one step: who reads the old one reads on in it. */
export class StoredFiles {
  constructor(
    private readonly database: Pick<Database, 'prisma' | 'run' | 'transaction'>,
    private readonly parts: FileParts | undefined,
    private readonly clock: Clock,
    /** Told of bytes that are of no use any more and could not be removed. */
    private readonly notRemoved: (object: string, error: unknown) => void,
  ) {}

  /** Resolves when the file can be read. Throws a Fault and leaves nothing behind: `too-large`, `unreadable` if it breaks off, `unavailable`. */
  async receive(file: ArrivingFile): Promise<{ readonly stored: StoredFile; readonly replaced: boolean }> {
    const { store, staging, limitBytes } = this.used;
    if (file.announced !== undefined && file.announced > limitBytes) throw new Fault('too-large', `the file is larger than ${limitBytes} bytes`);
    const staged = await staging.receive(file.body, limitBytes);
    const object = `${file.kind}/${randomUUID()}`;
    const { tenant, kind, owner, name, contentType } = file;
    const stored = { tenant, kind, owner, name, contentType, size: staged.size, sha256: staged.sha256, receivedAt: this.clock.now() };
    try {
      await store.put(object, staged.path, staged.size);
      const before = await this.keep(stored, object);
      if (before !== undefined) await this.remove(before);
      return { stored, replaced: before !== undefined };
    } catch (error) {
      await staging.discard(staged);
      await this.removeUnlessKept(stored, object);
      throw error;
    }
  }

  /** The newest of an owner's files, or the one of that name. Throws `not-found`. */
  async find({ tenant, kind, owner }: FileAddress, name?: string): Promise<StoredFile & { readonly object: string }> {
    const where = { tenant, kind, owner, ...(name !== undefined && { name }) };
    const row = await this.database.prisma.storedFile.findFirst({ where, orderBy: { receivedAt: 'desc' } });
    if (!row) throw new Fault('not-found', 'there is no such file');
    return { ...row, kind, size: Number(row.size), contentType: row.contentType ?? undefined };
  }

  open({ object }: { readonly object: string }, range?: ByteRange): Promise<Readable> {
    return this.used.store.open(object, range);
  }

  /** All of an owner's files, or the one of that name. How many there were. */
  async drop({ tenant, kind, owner }: FileAddress, name?: string): Promise<number> {
    const dropped = await this.database.run<[string]>(dropFiles, [tenant, kind, owner, name ?? null]);
    for (const [object] of dropped) await this.remove(object);
    return dropped.length;
  }

  private keep({ tenant, kind, owner, name, size, sha256, contentType, receivedAt }: StoredFile, object: string): Promise<string | undefined> {
    return this.database.transaction(async (run) => {
      await run(lockOwner, [tenant, kind, owner]);
      const [[others]] = (await run<[number]>(countOthers, [tenant, kind, owner, name])) as [[number]];
      if (others >= filesOfAnOwner) throw new Fault('conflict', `there are ${others} files already`);
      const [before] = await run<[string]>(presentObject, [tenant, kind, owner, name]);
      await run(keepFile, [tenant, kind, owner, name, object, size, sha256, contentType ?? null, receivedAt]);
      if (kind === 'log') await run(tellReceived, [tenant, owner, name, size, sha256, receivedAt]);
      return before?.[0];
    });
  }

  /** A commit whose answer is lost may have been one: then the bytes are the file's. */
  private async removeUnlessKept({ tenant, kind, owner, name }: StoredFile, object: string): Promise<void> {
    try {
      const [present] = await this.database.run<[string]>(presentObject, [tenant, kind, owner, name]);
      if (present?.[0] !== object) await this.remove(object);
    } catch (error) {
      this.notRemoved(object, error);
    }
  }

  /** What stays behind takes room and is otherwise harmless: nothing leads to it. */
  private async remove(object: string): Promise<void> {
    await this.used.store.delete(object).catch((error: unknown) => this.notRemoved(object, error));
  }

  private get used(): FileParts {
    if (!this.parts) throw new Fault('conflict', 'this system has no file endpoint (FILES_SECRET)');
    return this.parts;
  }
}
