import type { Clock } from '@ohmnibus/domain';
import { openLink, type OpenedLink } from '@ohmnibus/files';
import type { Log } from '@ohmnibus/runtime';
import type { Request, Response } from 'express';
import { faultOf, statusOf } from '../http/problem.js';
import { readUpload } from './read-upload.js';
import { sendFile } from './send-file.js';
import type { StoredFiles } from './stored-files.js';

const lingerMs = 5_000;
const methods = { get: ['GET', 'HEAD'], put: ['PUT', 'POST'] } as const;

/** Where stations fetch firmware and put logs, by links that say themselves what they allow. */
export class StationFiles {
  constructor(
    private readonly files: StoredFiles,
    private readonly secret: string,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** For a mount at the path of links. Never rejects. */
  async handle(request: Request, response: Response): Promise<void> {
    let link: OpenedLink | undefined;
    try {
      link = openLink(this.secret, request.url.split('?')[0] ?? '', this.clock.now());
      const allowed: readonly string[] = methods[link.verb];
      if (!allowed.includes(request.method)) return refuse(response, 405, `this link is for ${allowed.join(' and ')}`, { allow: allowed.join(', ') });
      await (link.verb === 'get' ? this.send(link, request, response) : this.receive(link, request, response));
    } catch (error) {
      const fault = faultOf(error);
      this.log.warn('file-refused', { tenant: link?.tenant, kind: link?.kind, owner: link?.owner, code: fault.code, reason: fault.message, error: fault.cause });
      if (response.headersSent) response.destroy();
      else refuse(response, statusOf(fault.code), fault.code === 'internal' ? 'an internal error' : fault.message);
    }
  }

  private async send(link: OpenedLink, request: Request, response: Response): Promise<void> {
    const file = await this.files.find(link);
    const { tenant, owner } = link;
    this.log.info('file-fetched', { tenant, image: owner, size: file.size, range: request.headers.range });
    await sendFile(request, response, file, (range) => this.files.open(file, range));
  }

  private async receive(link: OpenedLink, request: Request, response: Response): Promise<void> {
    const upload = await readUpload(request);
    const { tenant, kind, owner } = link;
    const name = fileName(link.name || upload.name);
    const { stored } = await this.files.receive({ ...upload, tenant, kind, owner, name });
    this.log.info('file-received', { tenant, kind, owner, name, size: stored.size });
    response.status(200).end();
  }
}

/** Whatever a station calls its file may be shown and stored, and is never a path of ours. */
function fileName(given: string | undefined): string {
  // eslint-disable-next-line no-control-regex -- control characters are what is taken out here
  const plain = (given ?? '').normalize().replaceAll(/[\u0000-\u001f\u007f"\\]|\p{Surrogate}/gu, '_').slice(-255);
  return plain.trim() || 'log';
}

/** Answers first and reads on for a while: a sender whose connection ends in the middle would not hear why. */
function refuse(response: Response, status: number, reason: string, headers: Record<string, string> = {}): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', ...headers }).end(`${reason}\n`);
  const { req: request } = response;
  request.resume();
  const patience = setTimeout(() => request.destroy(), lingerMs).unref();
  request.once('close', () => clearTimeout(patience));
}

/** For requests that come where there is no file endpoint. */
export function noFiles(_request: Request, response: Response): void {
  refuse(response, statusOf('not-found'), 'this system has no file endpoint');
}
