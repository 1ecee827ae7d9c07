import { Fault } from '@ohmnibus/domain';
import { createHmac, timingSafeEqual } from 'node:crypto';

export const fileKinds = ['firmware', 'log'] as const;
export type FileKind = (typeof fileKinds)[number];

/** What a link is to: a firmware image by its name, or the logs of a job by its id. */
export interface FileAddress {
  readonly tenant: string;
  readonly kind: FileKind;
  readonly owner: string;
}

export type FileVerb = 'get' | 'put';

/** A link as a request shows it. */
export interface OpenedLink extends FileAddress {
  readonly verb: FileVerb;
  /** What the station appended; empty if nothing. */
  readonly name: string;
}

/** Where links begin, behind the address that stations reach. */
export const linksPath = '/files';

/**
 * Links that say themselves what they allow: one verb, one address, until a time. They are whole in the path, because stations append the
 * name of a log to what they were given, and read the name of an image off the end.
 */
export class FileLinks {
  private readonly base: string;

  /**
   * @param secret the same wherever links are made or opened
   * @param publicUrl how stations reach the file endpoint
   */
  constructor(
    private readonly secret: string,
    publicUrl: string,
  ) {
    this.base = publicUrl.replace(/\/+$/, '');
  }

  /** Ends in the image's name. */
  toDownload(address: FileAddress, until: Date): string {
    return this.make('get', address, until);
  }

  /** Ends in a slash: a folder that the station may put any file into. */
  toUpload(address: FileAddress, until: Date): string {
    return `${this.make('put', address, until)}/`;
  }

  private make(verb: FileVerb, { tenant, kind, owner }: FileAddress, until: Date): string {
    const expires = Math.ceil(until.getTime() / 1000).toString(36);
    const parts = [verb, expires, sign(this.secret, verb, expires, { tenant, kind, owner }), tenant, kind, owner];
    return [this.base + linksPath, ...parts.map(encodeURIComponent)].join('/');
  }
}

/**
 * Reads the path of a link, without {@link linksPath}. Throws a Fault: `not-found` for what is no link, `forbidden` for one that was not
 * made with this secret or has expired.
 */
export function openLink(secret: string, path: string, now: Date): OpenedLink {
  const [, verb, expires = '', signature = '', tenant = '', kind, owner = '', ...rest] = decoded(path);
  if ((verb !== 'get' && verb !== 'put') || (kind !== 'firmware' && kind !== 'log') || owner === '') throw new Fault('not-found', 'this is no link to a file');
  const address: FileAddress = { tenant, kind, owner };
  if (!same(signature, sign(secret, verb, expires, address))) throw new Fault('forbidden', 'the link is not one of ours');
  if (Number.parseInt(expires, 36) * 1000 < now.getTime()) throw new Fault('forbidden', 'the link has expired');
  // Stations end their folder with a slash or double it; an empty name is the link itself.
  return { verb, ...address, name: rest.filter((part) => part !== '').join('/') };
}

function decoded(path: string): string[] {
  try {
    return path.split('/').map(decodeURIComponent);
  } catch {
    return [];
  }
}

function sign(secret: string, verb: FileVerb, expires: string, { tenant, kind, owner }: FileAddress): string {
  return createHmac('sha256', secret).update(JSON.stringify([verb, expires, tenant, kind, owner])).digest('base64url');
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
