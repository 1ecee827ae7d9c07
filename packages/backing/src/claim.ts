import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { processIdentity } from './process-identity.js';

interface ClaimedBy {
  owner: { pid: number; identity: string };
  children: { pid: number; identity: string }[];
}

/** Our hold on a data directory, written down so that the next start can clear up after a crash. */
export interface Claim {
  /** Notes a process that works on the directory. */
  add(pid: number): void;
  release(): void;
}

const alive = ({ pid, identity }: { pid: number; identity: string }) => processIdentity(pid) === identity;

/** True if the process that claimed `dataDir` still runs. */
export function isClaimed(dataDir: string): boolean {
  const claimed = read(join(dataDir, 'owner.json'));
  return claimed !== undefined && alive(claimed.owner);
}

/**
 * Claims a data directory for this process. Processes that a crashed owner left behind are ended first.
 * Throws if the owner is alive.
 */
export async function claimDirectory(dataDir: string): Promise<Claim> {
  mkdirSync(dataDir, { recursive: true });
  const file = join(dataDir, 'owner.json');
  const before = read(file);
  if (before && alive(before.owner)) throw new Error(`${dataDir} is in use by process ${before.owner.pid}: stop that one first`);
  for (const child of before?.children ?? []) await endLeftover(child);

  const mine: ClaimedBy = { owner: { pid: process.pid, identity: processIdentity(process.pid) ?? '' }, children: [] };
  const write = () => writeFileSync(file, JSON.stringify(mine));
  write();
  return {
    add(pid) {
      mine.children.push({ pid, identity: processIdentity(pid) ?? '' });
      write();
    },
    release: () => rmSync(file, { force: true }),
  };
}

/** SIGINT first: every one of our servers takes it as a request for a quick, orderly end. */
async function endLeftover(child: { pid: number; identity: string }): Promise<void> {
  for (const signal of ['SIGINT', 'SIGKILL'] as const) {
    if (!alive(child)) return;
    process.kill(child.pid, signal);
    for (const deadline = Date.now() + 15_000; alive(child) && Date.now() < deadline; ) await delay(25);
  }
}

function read(file: string): ClaimedBy | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ClaimedBy;
  } catch {
    return undefined;
  }
}
