import { Busboy } from '@fastify/busboy';
import { Fault } from '@ohmnibus/domain';
import type { IncomingMessage } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';

/** The file that a request brings. */
export interface Upload {
  readonly body: Readable;
  /** As a form calls it. */
  readonly name: string | undefined;
  readonly contentType: string | undefined;
  /** In bytes, if the sender says so. */
  readonly announced: number | undefined;
}

/** The body as it is, or the first file of a form, as some stations send it. Throws a Fault for a body that is neither. */
export function readUpload(request: IncomingMessage): Promise<Upload> {
  const { 'content-type': contentType, 'content-length': length, 'content-range': part } = request.headers;
  if (part !== undefined) return Promise.reject(new Fault('unreadable', 'parts of a file are not taken; send the whole of it'));
  if (contentType !== undefined && /^multipart\/form-data\b/i.test(contentType)) return firstFile(request, contentType);
  return Promise.resolve({ body: request, name: undefined, contentType, announced: length === undefined ? undefined : Number(length) });
}

function firstFile(request: IncomingMessage, contentType: string): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const fail = (message: string, cause?: unknown) => reject(new Fault('unreadable', message, {}, { cause }));
    try {
      const form = new Busboy({ headers: { 'content-type': contentType }, limits: { files: 1, fields: 100, fieldSize: 65_536 } });
      let found: Readable | undefined;
      form.on('file', (_field, body, name, _encoding, type) => {
        found = body;
        resolve({ body, name, contentType: type, announced: undefined });
      });
      form.on('finish', () => fail('the form holds no file'));
      pipeline(request, form).catch((error: unknown) => {
        found?.destroy(error as Error);
        fail('the form cannot be read', error);
      });
    } catch (error) {
      fail('the form cannot be read', error);
    }
  });
}
