import type { Standing } from '@ohmnibus/domain';
import { negotiate, type Version } from '@ohmnibus/ocpp';
import type { Transport } from './transport.js';

/** What an upgrade request says, before anybody is asked about it. */
export interface Handshake {
  readonly tenant: string;
  readonly station: string;
  /** Undefined: the station offers no subprotocol at all. */
  readonly version: Version | undefined;
  readonly username: string | undefined;
  readonly password: Buffer | undefined;
}

/** A handshake, and the way that it came. */
export interface Arrival extends Handshake, Transport {}

/** What is known of a station that may come in. */
export interface Entry {
  readonly version: Version;
  /** Absent: nothing special. */
  readonly standing?: Standing | undefined;
}

/** An upgrade that is not to be: the HTTP status, and a word for the log and the body. */
export interface Refusal {
  readonly status: 400 | 401 | 403 | 404 | 503;
  readonly reason: string;
}

const prefix = '/ocpp/';
const maxIdentity = 255;

/**
 * Reads `/ocpp/{station}` or `/ocpp/{tenant}/{station}` and the headers of an upgrade.
 * @param path as it is on the request line, still percent-encoded
 */
export function readHandshake(path: string, headers: { authorization: string; protocols: string }): Handshake | Refusal {
  if (!path.startsWith(prefix)) return { status: 404, reason: 'no such path' };
  const segments = path.slice(prefix.length).replace(/\/$/, '').split('/');
  if (segments.length > 2 || segments.some((segment) => segment === '')) return { status: 404, reason: 'the path names no station' };
  const decoded = segments.map(decodeOnce);
  if (decoded.some((segment) => segment === undefined || segment.length > maxIdentity)) return { status: 400, reason: 'the identity cannot be read' };
  const [tenant, station] = decoded.length === 2 ? (decoded as [string, string]) : ['default', decoded[0] as string];
  const version = negotiate(headers.protocols);
  if (!version && headers.protocols) return { status: 400, reason: `no common subprotocol in "${headers.protocols}"` };
  const { username, password } = readCredentials(headers.authorization);
  return { tenant, station, version, username, password };
}

export function isRefusal<T extends object>(result: T | Refusal): result is Refusal {
  return 'status' in result;
}

function decodeOnce(segment: string): string | undefined {
  try {
    const text = decodeURIComponent(segment);
    // eslint-disable-next-line no-control-regex -- control characters are what is refused here
    return /[\u0000-\u001f\u007f]/.test(text) ? undefined : text;
  } catch {
    return undefined;
  }
}

/** The password stays bytes: 1.6 keys are binary, and may themselves hold a colon. What is no Basic header is wrong credentials. */
function readCredentials(header: string): { username: string | undefined; password: Buffer | undefined } {
  if (header === '') return { username: undefined, password: undefined };
  const [, encoded] = /^basic +([A-Za-z0-9+/=_-]+)$/i.exec(header.trim()) ?? [];
  const bytes = encoded === undefined ? Buffer.alloc(0) : Buffer.from(encoded, 'base64');
  const colon = bytes.indexOf(0x3a);
  if (colon < 0) return { username: '', password: Buffer.alloc(0) };
  return { username: bytes.toString('utf8', 0, colon), password: bytes.subarray(colon + 1) };
}
