import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findTools } from '@ohmnibus/backing';
import { checkImports } from './check-imports.js';
import { generate } from './generate.js';
import type { JestReport, Outcome } from './test-outcome.js';
import { outcomeOfJest, summary } from './test-outcome.js';

/** Far beyond what a healthy run needs: a run that hangs must end with a verdict all the same. */
const jestTimeoutMs = 30 * 60_000;

interface Step {
  name: string;
  run(root: string): Promise<Outcome>;
}

const steps: Step[] = [
  // This code runs, so the build before it succeeded.
  { name: 'build and types', run: () => Promise.resolve(verdict('build and types', [])) },
  { name: 'lint', run: async (root) => verdict('lint', (await succeeds(root, 'node_modules/.bin/oxlint', '--deny-warnings')) ? [] : ['see above']) },
  {
    name: 'import boundaries',
    run: async (root) => verdict('import boundaries', (await checkImports(root)).map(({ rule, from, to, comment }) => `${from} imports ${to} (${rule}: ${comment})`)),
  },
  {
    name: 'generated files are fresh',
    run: async (root) => verdict('generated files', (await generate(root, { check: true })).map((file) => `${file} is stale: run "npm run gen"`)),
  },
  { name: 'jest', run: runJest },
];

/** Everything that `npm test` checks once the checkout is installed and built. Prints as it goes, ends with the line of numbers; false if anything failed. */
export async function runTests(root: string): Promise<boolean> {
  const outcomes: Outcome[] = [];
  for (const { name, run } of steps) {
    const began = Date.now();
    const outcome = await run(root).catch((error: unknown) => verdict(name, [error instanceof Error ? (error.stack ?? error.message) : String(error)]));
    outcomes.push(outcome);
    console.log(`${outcome.failures.length === 0 ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
  }
  console.log(`\n${summary(outcomes)}`);
  return outcomes.every(({ failures }) => failures.length === 0);
}

/** A step that is not jest counts as one test. */
function verdict(name: string, problems: string[]): Outcome {
  for (const problem of problems) console.log(`  ${problem}`);
  return problems.length === 0 ? { passed: 1, failures: [], skipped: [] } : { passed: 0, failures: [name], skipped: [] };
}

async function succeeds(root: string, command: string, ...args: string[]): Promise<boolean> {
  return (await exitCode(root, join(root, command), args)) === 0;
}

async function runJest(root: string): Promise<Outcome> {
  // Before the clock of any test runs: the first time this downloads.
  await findTools(['nats-server', 'redis-server'], console.log);
  const folder = mkdtempSync(join(tmpdir(), 'ohmnibus-jest-'));
  try {
    const file = join(folder, 'report.json');
    const jest = ['--experimental-vm-modules', '--disable-warning=ExperimentalWarning', join(root, 'node_modules/jest/bin/jest.js')];
    const code = await exitCode(root, process.execPath, [...jest, '--ci', '--maxWorkers=2', '--json', `--outputFile=${file}`]);
    return outcomeOfJest(readReport(file), code);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function readReport(file: string): JestReport | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as JestReport;
  } catch {
    return undefined;
  }
}

/** Runs a command in the foreground: Ctrl-C reaches it too. Null if a signal ended it. */
function exitCode(root: string, command: string, args: string[]): Promise<number | null> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', timeout: jestTimeoutMs });
    child.once('error', reject);
    child.once('exit', (code) => resolve(code));
  });
}
