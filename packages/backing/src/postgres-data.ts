import { execFile, execFileSync } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { PostgresPrograms } from './postgres-programs.js';
import { processIdentity } from './process-identity.js';
import type { Account } from './unprivileged.js';
import { canReach, reachableFolder } from './unprivileged.js';

const run = promisify(execFile);

/** Makes the data directory on the first start and clears up after a crash on later ones; returns where it is. */
export async function preparePostgresData(
  dataDir: string,
  programs: PostgresPrograms,
  account: Account,
  log: (line: string) => void = () => {},
): Promise<string> {
  mkdirSync(dataDir, { recursive: true });
  let home = dataDir;
  if (!canReach(account, dataDir)) {
    home = reachableFolder(dataDir);
    log(`Postgres must not run as root and its account cannot reach ${dataDir}: its data is in ${home}`);
  }
  const data = join(home, 'cluster');
  if (!existsSync(join(data, 'PG_VERSION'))) await createCluster(data, programs, account);
  const madeBy = readFileSync(join(data, 'PG_VERSION'), 'utf8').trim();
  if (madeBy !== String(programs.major)) {
    throw new Error(`${data} was made by Postgres ${madeBy} and this is Postgres ${programs.major}: use that version, or move the folder away to start afresh`);
  }
  clearStaleLock(data);
  return data;
}

/** Works in a folder beside the final one, so that an interrupted first start leaves nothing half made. */
async function createCluster(data: string, programs: PostgresPrograms, account: Account): Promise<void> {
  const stage = `${data}.new`;
  const how = { ...account, cwd: '/' };
  const initialise = async (locale: readonly string[]) => {
    rmSync(stage, { recursive: true, force: true });
    mkdirSync(stage, { mode: 0o700 });
    if (account.uid !== undefined && account.gid !== undefined) chownSync(stage, account.uid, account.gid);
    await run(programs.initdb, ['-D', stage, '-U', 'ohmnibus', '-A', 'trust', '-E', 'UTF8', ...locale, '--no-sync'], how);
  };
  // Texts are compared by their bytes, which costs a fraction of what a language's order costs. Postgres's own C.UTF-8 also knows upper and lower
  // case beyond ASCII; before version 17 that is the system's business, and not every system has it.
  if (programs.major >= 17) await initialise(['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8']);
  else await initialise(['--locale=C.UTF-8']).catch(() => initialise(['--locale=C']));
  // The data directory syncs itself on the shutdown checkpoint of this run.
  execFileSync(programs.postgres, ['--single', '-D', stage, 'postgres'], { ...how, input: 'CREATE DATABASE ohmnibus\n', stdio: ['pipe', 'ignore', 'ignore'] });
  rmSync(data, { recursive: true, force: true });
  renameSync(stage, data);
}

/**
 * Postgres refuses to start if the process number in postmaster.pid belongs to any living process of its account, which after a crash may be a stranger.
 * Called when no server of ours works on the directory any more (see claimDirectory).
 */
function clearStaleLock(data: string): void {
  const file = join(data, 'postmaster.pid');
  if (!existsSync(file)) return;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  // A dead process's file is left to Postgres, which also looks for backends that outlived it.
  if (processIdentity(pid) === undefined || worksOn(pid, data)) return;
  rmSync(file);
}

function worksOn(pid: number, data: string): boolean {
  try {
    return process.platform === 'linux'
      ? readFileSync(`/proc/${pid}/cmdline`, 'utf8').split('\0').includes(data)
      : execFileSync('ps', ['-o', 'command=', '-p', String(pid)], { encoding: 'utf8' }).includes(data);
  } catch {
    return false;
  }
}
