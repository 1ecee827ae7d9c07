import type { ByteRange } from '@ohmnibus/files';
import type { Request, Response } from 'express';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { StoredFile } from './stored-files.js';

/** Answers GET and HEAD with a file, or with the one range of it that is asked for (RFC 9110). Rejects only before anything is sent. */
export async function sendFile(
  request: Request,
  response: Response,
  { size, sha256, receivedAt }: Pick<StoredFile, 'size' | 'sha256' | 'receivedAt'>,
  open: (range: ByteRange | undefined) => Promise<Readable>,
): Promise<void> {
  const tag = `"${sha256}"`;
  response.setHeader('content-type', 'application/octet-stream');
  response.setHeader('accept-ranges', 'bytes');
  response.setHeader('etag', tag);
  response.setHeader('last-modified', receivedAt.toUTCString());
  const range = rangeOf(request, size, tag);
  if (range === 'outside') {
    response.setHeader('content-range', `bytes */${size}`);
    response.status(416).setHeader('content-length', 0).end();
    return;
  }
  const length = range ? range.end - range.start + 1 : size;
  const content = request.method === 'HEAD' || length === 0 ? undefined : await open(range);
  response.status(range ? 206 : 200).setHeader('content-length', length);
  if (range) response.setHeader('content-range', `bytes ${range.start}-${range.end}/${size}`);
  if (!content) return void response.end();
  // A reader who goes away, or a store that breaks off, ends the answer before its announced length: nobody takes it for the whole.
  await pipeline(content, response).catch(() => response.destroy());
}

/** Undefined: the whole file, which also answers several ranges, one that cannot be read, and one of a file that has changed since. */
function rangeOf(request: Request, size: number, tag: string): ByteRange | 'outside' | undefined {
  const { 'if-range': unless } = request.headers;
  if (unless !== undefined && unless !== tag) return undefined;
  const ranges = request.range(size);
  if (ranges === -1) return 'outside';
  if (!Array.isArray(ranges) || ranges.type !== 'bytes' || ranges.length !== 1) return undefined;
  return ranges[0];
}
