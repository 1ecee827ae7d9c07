import { Fault } from '@ohmnibus/domain';
import { AwsClient } from 'aws4fetch';
import { createReadStream } from 'node:fs';
import { rm } from 'node:fs/promises';
import { Readable } from 'node:stream';
import type { ReadableStream } from 'node:stream/web';
import type { ByteRange, FileStore } from './file-store.js';

export interface S3Settings {
  /** Of the bucket, with or without a prefix: https://s3.eu-central-1.amazonaws.com/bucket/prefix */
  readonly url: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
}

/** Files in a bucket of anything that speaks the S3 protocol. An object is there as soon as it is complete. */
export class S3FileStore implements FileStore {
  private readonly client: AwsClient;
  private readonly base: string;

  constructor({ url, region, accessKeyId, secretAccessKey }: S3Settings) {
    this.base = url.replace(/\/+$/, '');
    this.client = new AwsClient({ service: 's3', region, accessKeyId, secretAccessKey, retries: 0 });
  }

  async put(key: string, file: string, size: number): Promise<void> {
    // Signed without the body, which is then streamed: its length has to be known, but not its digest.
    const body = Readable.toWeb(createReadStream(file));
    const response = await this.ask('PUT', key, { 'content-length': String(size) }, body);
    await response.body?.cancel();
    await rm(file, { force: true });
  }

  async open(key: string, range?: ByteRange): Promise<Readable> {
    const { body } = await this.ask('GET', key, range ? { range: `bytes=${range.start}-${range.end}` } : {});
    return body ? Readable.fromWeb(body) : Readable.from([]);
  }

  async delete(key: string): Promise<void> {
    const response = await this.ask('DELETE', key, {}).catch((error: unknown) => {
      if (!(error instanceof Fault) || error.code !== 'not-found') throw error;
    });
    await response?.body?.cancel();
  }

  private async ask(method: string, key: string, headers: Record<string, string>, body?: ReadableStream): Promise<Response> {
    let response: Response;
    try {
      const signed = await this.client.sign(`${this.base}/${key}`, { method, headers });
      response = await fetch(signed.url, { method, headers: signed.headers, ...(body && { body, duplex: 'half' }) });
    } catch (error) {
      throw new Fault('unavailable', 'the object store cannot be reached', {}, { cause: error });
    }
    if (response.ok) return response;
    const text = await response.text().catch(() => '');
    if (response.status === 404) throw new Fault('not-found', 'the file is not there');
    // Whatever else it says concerns our settings or passes; no user of a file can do anything about it.
    throw new Fault('unavailable', `the object store answers ${response.status}`, {}, { cause: new Error(text.slice(0, 500)) });
  }
}
