import { execFile } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const options = { maxBuffer: 16 * 1024 * 1024, env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' } };

/**
 * Downloads packages with everything they need that the system does not have, and unpacks them below `target`.
 * apt works on lists and a cache of its own in a temporary folder, so this needs no root, installs nothing and starts no system service.
 * `target` appears whole or not at all: of several that do this at once the first wins and the others use its files.
 */
export async function unpackWithApt(packages: string[], target: string): Promise<void> {
  const state = mkdtempSync(join(tmpdir(), 'ohmnibus-apt-'));
  mkdirSync(dirname(target), { recursive: true });
  const stage = mkdtempSync(`${target}.`);
  try {
    for (const folder of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(state, folder), { recursive: true });
    const settings = [
      `Dir::State=${state}`,
      `Dir::State::lists=${state}/lists`,
      `Dir::Cache=${state}/cache`,
      'Dir::State::status=/var/lib/dpkg/status',
      'APT::Sandbox::User=',
      'APT::Install-Recommends=false',
      'Acquire::Languages=none',
      'Debug::NoLocking=1',
    ].flatMap((setting) => ['-o', setting]);
    // A third-party source that is down must not stop us: what matters is whether the download below succeeds.
    await run('apt-get', [...settings, '-qq', 'update'], options).catch(() => undefined);
    await run('apt-get', [...settings, '-qq', '-y', '--download-only', 'install', ...packages], options);
    const archives = readdirSync(join(state, 'cache/archives')).filter((name) => name.endsWith('.deb'));
    for (const archive of archives) await run('dpkg-deb', ['-x', join(state, 'cache/archives', archive), stage], options);
    chmodSync(stage, 0o755);
    moveInto(stage, target);
  } finally {
    for (const folder of [state, stage]) rmSync(folder, { recursive: true, force: true });
  }
}

function moveInto(stage: string, target: string): void {
  try {
    renameSync(stage, target);
  } catch {
    // There already: an earlier start fetched another package, or one beside us was quicker. A rename leaves a program that runs from there alone.
    for (const entry of readdirSync(stage, { recursive: true, withFileTypes: true })) {
      if (entry.isDirectory()) continue;
      const from = join(entry.parentPath, entry.name);
      const to = join(target, from.slice(stage.length));
      mkdirSync(dirname(to), { recursive: true });
      renameSync(from, to);
    }
  }
}
