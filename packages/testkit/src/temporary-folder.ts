import { chmodSync, mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Claim } from '@ohmnibus/backing';
import { claimDirectory, isClaimed } from '@ohmnibus/backing';

/** A folder that is gone after `remove()`, or swept away by a later run if this one dies. */
export interface TemporaryFolder {
  path: string;
  /** Notes a process that works in the folder, to be ended by the sweep should we die. */
  claim: Claim;
  remove(): void;
}

const prefix = 'ohmnibus-test-';

/** Makes a temporary folder that the account of Postgres can pass through even if we are root. */
export async function temporaryFolder(): Promise<TemporaryFolder> {
  const path = mkdtempSync(join(tmpdir(), prefix));
  chmodSync(path, 0o711);
  const claim = await claimDirectory(path);
  return { path, claim, remove: () => rmSync(path, { recursive: true, force: true }) };
}

/** Removes the folders, and ends the processes, of runs that died. */
export async function sweepTemporaryFolders(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(prefix))) {
    const path = join(tmpdir(), name);
    try {
      // A young folder may belong to somebody who has not claimed it yet.
      if (isClaimed(path) || statSync(path).mtimeMs > Date.now() - 60_000) continue;
      await claimDirectory(path);
      rmSync(path, { recursive: true, force: true });
    } catch {
      // Another user's, or another sweep was quicker.
    }
  }
}
