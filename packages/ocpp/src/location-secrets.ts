import { hidden } from './hidden.js';
import type { MessageSecrets } from './message.js';

/** `scheme://user:password@`; a password may hold anything that does not end it. */
const withPassword = /^([a-z][a-z\d+.-]*:\/\/[^:/?#]*:)[^/?#]*@/i;

/** Where a file is, without the password that it is to be had by; the same text if it has none. */
export function locationWithoutPassword(location: string): string {
  return location.replace(withPassword, `$1${hidden}@`);
}

/** Of a request that names, at the end of this path, where a file is: many a station is given the password of a file server with it. */
export function locationSecrets(...path: readonly string[]): MessageSecrets {
  return { hideInRequest: (request) => hideAt(request, path) };
}

function hideAt(value: unknown, path: readonly string[]): unknown {
  const [name, ...rest] = path;
  if (name === undefined) return typeof value === 'string' ? locationWithoutPassword(value) : value;
  if (typeof value !== 'object' || value === null) return value;
  const inner = (value as Record<string, unknown>)[name];
  const kept = hideAt(inner, rest);
  return kept === inner ? value : { ...value, [name]: kept };
}
