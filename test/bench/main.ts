import { writeFileSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { BenchBacking } from './contenders/bench-backing.js';
import type { TimedRun } from './measure/timed-run.js';
import { readOptions, usage, type BenchOptions } from './options.js';
import { describeRun } from './report/describe-run.js';
import { page } from './report/page.js';
import { machineName, type Results } from './report/results.js';
import { table } from './report/table.js';
import type { BenchContext } from './rows/bench-context.js';
import { measureRows } from './rows/measure-rows.js';

const args = process.argv.slice(2);
if (args.includes('--help')) console.log(usage);
else process.exitCode = await run(read(args));

function read(given: readonly string[]): BenchOptions {
  try {
    return readOptions(given);
  } catch (error) {
    console.error(`${(error as Error).message}\n\n${usage}`);
    process.exit(2);
  }
}

/** The exit code: 0 if every gate is kept. */
async function run(options: BenchOptions): Promise<number> {
  const say = (line: string) => (options.json ? console.error(line) : console.log(line));
  const inUse = new Set<{ stop(): Promise<unknown> }>();
  const runs: { label: string; run: TimedRun }[] = [];
  const stopAll = async () => {
    for (const used of [...inUse].toReversed()) await used.stop().catch((error: unknown) => say(String(error)));
    inUse.clear();
  };
  const brokenOff = () => void stopAll().then(() => process.exit(130));
  process.once('SIGINT', brokenOff).once('SIGTERM', brokenOff);

  const use: BenchContext['use'] = async (starting) => {
    const used = await starting;
    inUse.add(used);
    return used;
  };
  try {
    const backing = await use(BenchBacking.start());
    const rows = await measureRows({
      options,
      backing,
      say,
      told: (label, timed) => {
        runs.push({ label, run: timed });
        say(`${label}: ${describeRun(timed)}`);
      },
      use,
      release: async (used) => {
        inUse.delete(used);
        await used.stop();
      },
    });
    const results: Results = {
      at: new Date().toISOString(),
      machine: machineName(),
      software: [`Node ${process.versions.node}`, ...(await backing.versions())],
      rounds: options.rounds,
      seconds: options.seconds,
      rows,
      runs,
      passed: rows.every(({ passed }) => passed),
    };
    say(['', ...table(rows), '', results.passed ? 'every gate is kept' : 'NOT every gate is kept'].join('\n'));
    if (options.json) console.log(JSON.stringify(results));
    if (options.write) write(page(results));
    return results.passed ? 0 : 1;
  } catch (error) {
    console.error(error);
    return 1;
  } finally {
    await stopAll();
  }
}

function write(text: string): void {
  const folder = resolve(import.meta.dirname, '../../../docs');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'performance.md'), text);
}
