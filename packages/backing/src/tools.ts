import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { lstatSync, mkdirSync, readFileSync } from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOnPath, isProgram } from './find-on-path.js';
import { unpackWithApt } from './unpack-with-apt.js';

/** A server program and the environment it needs to run. */
export interface Tool {
  path: string;
  env: NodeJS.ProcessEnv;
}

/** nginx only stands in front of the product in tests. */
export type ToolName = 'nats-server' | 'redis-server' | 'nginx';

/** @property url the setting that spares the program by naming one that runs elsewhere, if that is possible */
const sources: Record<ToolName, { variable: string; formula: string; url?: string }> = {
  'nats-server': { variable: 'NATS_SERVER', formula: 'nats-server', url: 'NATS_URL' },
  'redis-server': { variable: 'REDIS_SERVER', formula: 'redis', url: 'REDIS_URL' },
  nginx: { variable: 'NGINX', formula: 'nginx' },
};

/**
 * Finds server programs: NATS_SERVER, REDIS_SERVER or NGINX (a path), PATH, what an earlier start fetched; else fetches them (brew on macOS; on Debian and
 * Ubuntu the packages are unpacked into a cache of the user's, never installed). Throws one error that says exactly what to run.
 */
export async function findTools(names: ToolName[], log: (line: string) => void = () => {}): Promise<Record<ToolName, Tool>> {
  let missing = names.filter((name) => !findTool(name));
  if (missing.length > 0) await fetchTools(missing, log);
  missing = names.filter((name) => !findTool(name));
  if (missing.length > 0) throw new Error(howToInstall(missing));
  return Object.fromEntries(names.map((name) => [name, findTool(name)])) as Record<ToolName, Tool>;
}

function findTool(name: ToolName): Tool | undefined {
  const chosen = process.env[sources[name].variable];
  if (chosen) {
    if (!isProgram(chosen)) throw new Error(`${sources[name].variable}=${chosen} is not a program that can be run`);
    return { path: chosen, env: process.env };
  }
  const onPath = findOnPath(name);
  if (onPath) return { path: onPath, env: process.env };
  const unpacked = ['usr/bin', 'usr/sbin'].map((folder) => join(toolsDir(), folder, name)).find(isProgram);
  if (!unpacked) return undefined;
  const libraries = ['usr/lib', 'lib'].map((folder) => join(toolsDir(), folder, `${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu`));
  return { path: unpacked, env: { ...process.env, LD_LIBRARY_PATH: [...libraries, process.env.LD_LIBRARY_PATH].filter(Boolean).join(':') } };
}

async function fetchTools(names: ToolName[], log: (line: string) => void): Promise<void> {
  try {
    const brew = process.platform === 'darwin' && findOnPath('brew');
    if (brew) {
      log(`installing ${names.join(' and ')} with brew`);
      execFileSync(brew, ['install', ...names.map((name) => sources[name].formula)], { stdio: ['ignore', 'ignore', 'pipe'] });
    } else if (findOnPath('apt-get') && findOnPath('dpkg-deb')) {
      log(`fetching ${names.join(' and ')} into ${toolsDir()} (once; nothing is installed on the system)`);
      await unpackWithApt(names, toolsDir());
    }
  } catch (error) {
    throw new Error(`${howToInstall(names)}\n${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

function howToInstall(names: ToolName[]): string {
  const urls = names.flatMap((name) => sources[name].url ?? []).join(' and ');
  const formulas = names.map((name) => sources[name].formula).join(' ');
  const how = process.platform === 'darwin' ? `brew install ${formulas}` : `sudo apt-get install ${names.join(' ')} (or your system's equivalent)`;
  return `${names.join(' and ')} not found and not to be fetched. Run: ${how}${urls && `; or set ${urls} to servers that run elsewhere`}.`;
}

/**
 * Where fetched programs are kept: OHMNIBUS_TOOLS_DIR, else a cache of the user's that all checkouts share, one folder per system release.
 * Throws if the folder belongs to somebody else, whose programs we should not run.
 */
export function toolsDir(): string {
  const root = process.env.OHMNIBUS_TOOLS_DIR ?? userCache();
  mkdirSync(root, { recursive: true, mode: 0o755 });
  const owner = lstatSync(root).uid;
  if (process.getuid && owner !== process.getuid() && owner !== 0) throw new Error(`${root} belongs to another user: set OHMNIBUS_TOOLS_DIR`);
  return join(root, `${release()}-${process.arch}`);
}

function userCache(): string {
  const cache = join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'ohmnibus', 'tools');
  try {
    mkdirSync(cache, { recursive: true });
    return cache;
  } catch {
    // An account without a home, such as nobody.
    return join(tmpdir(), `ohmnibus-tools-${process.getuid?.() ?? 'user'}`);
  }
}

function release(): string {
  try {
    const text = readFileSync('/etc/os-release', 'utf8');
    const field = (name: string) => new RegExp(`^${name}="?([\\w.-]+)"?$`, 'm').exec(text)?.[1] ?? '';
    return `${field('ID')}-${field('VERSION_ID') || createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
  } catch {
    return process.platform;
  }
}
