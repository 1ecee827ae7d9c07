/** What has to happen before anything of ours can run: the right Node, what we depend on, and a build. Plain JavaScript without dependencies. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, writeFileSync, writeSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../../../', import.meta.url));
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
/** With --json, standard output is for what reads it. */
const stdout = process.argv.includes('--json') ? 2 : 1;
const say = (line) => writeSync(stdout, `${line}\n`);

/** Ends the process with one line unless this Node can run us. */
export function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number);
  if ((major === 20 && minor >= 19) || major === 21 || major === 22) return;
  console.error(`Ohmnibus needs Node ${manifest.engines.node} and this is ${process.versions.node} (${process.execPath}).`);
  process.exit(1);
}

/** Installs what the lockfile names, unless that was done; returns false if it failed. */
export function install() {
  const stamp = join(root, 'node_modules', '.ohmnibus-installed');
  const wanted = lockfileState();
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return true;
  say('installing dependencies (the first time takes a minute)');
  if (!run('npx', ['-y', manifest.packageManager, 'install', '--frozen-lockfile'])) return false;
  writeFileSync(stamp, wanted);
  return true;
}

/** What runs: the services and this launcher, with all they depend on. */
export const product = ['./services/*', '@ohmnibus/launcher'];

/** Compiles what changed - everything, or some packages with what they depend on; returns false if something does not compile. */
export function build(packages = []) {
  say('building what changed');
  return run('turbo', ['run', 'build', '--output-logs=errors-only', ...packages.map((name) => `--filter=${name}`)]);
}

/** Everything that an install depends on, in one word. */
function lockfileState() {
  const packages = ['packages', 'services'].flatMap((folder) => readdirSync(join(root, folder)).map((name) => join(folder, name, 'package.json')));
  const hash = createHash('sha256').update(`${process.platform} ${process.arch} ${process.versions.modules} ${root}\n`);
  for (const file of ['pnpm-lock.yaml', 'pnpm-workspace.yaml', 'package.json', 'test/package.json', ...packages]) {
    if (existsSync(join(root, file))) hash.update(file).update(readFileSync(join(root, file)));
  }
  return hash.digest('hex');
}

function run(command, args) {
  const env = {
    TURBO_TELEMETRY_DISABLED: '1',
    CHECKPOINT_DISABLE: '1',
    ...process.env,
    PATH: `${join(root, 'node_modules/.bin')}${delimiter}${process.env.PATH}`,
  };
  const { status, error } = spawnSync(command, args, { cwd: root, stdio: ['inherit', stdout, 'inherit'], env });
  if (error) console.error(`${command}: ${error.message}`);
  return status === 0;
}
