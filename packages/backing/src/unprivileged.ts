import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { lstatSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The account under which Postgres runs when we are root; an empty object when we are not. */
export interface Account {
  uid?: number;
  gid?: number;
}

/** Postgres refuses to run as root, so root lends it the first account of this list that exists. */
export function unprivilegedAccount(): Account {
  if (process.getuid?.() !== 0) return {};
  for (const user of ['postgres', 'nobody']) {
    try {
      const id = (flag: string) => Number(execFileSync('id', [flag, user], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }));
      return { uid: id('-u'), gid: id('-g') };
    } catch {
      // The next one.
    }
  }
  throw new Error('Postgres refuses to run as root and there is neither a postgres nor a nobody account to run it as: start as another user');
}

/** True if that account can reach `path`: every folder above it must let it through. */
export function canReach(account: Account, path: string): boolean {
  if (account.uid === undefined) return true;
  return spawnSync('/bin/sh', ['-c', 'test -x "$1"', 'sh', path], { ...account, cwd: '/', stdio: 'ignore' }).status === 0;
}

/**
 * A folder under /var/tmp that any account can pass through, always the same for the same `purpose`.
 * Throws if somebody else made it first.
 */
export function reachableFolder(purpose: string): string {
  const folder = join('/var/tmp', `ohmnibus-${createHash('sha256').update(resolve(purpose)).digest('hex').slice(0, 12)}`);
  mkdirSync(folder, { recursive: true, mode: 0o711 });
  const stat = lstatSync(folder);
  if (!stat.isDirectory() || stat.uid !== process.getuid?.()) throw new Error(`${folder} belongs to somebody else`);
  return folder;
}
