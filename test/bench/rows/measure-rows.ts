import { existsSync, mkdirSync, renameSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { eventually } from '@ohmnibus/testkit';
import { Product } from '../contenders/product.js';
import { timedRun, type TimedRun } from '../measure/timed-run.js';
import type { RowName } from '../options.js';
import type { BenchContext } from './bench-context.js';
import { commandRows } from './command.js';
import { memoryRow } from './memory.js';
import { mixRows } from './mix.js';
import { atMost, rowResult, type RowResult } from './row-result.js';
import { scaleRows } from './scale.js';
import { stormRow } from './storm.js';

const stations = 2_000;
const serviceNames = ['gateway', 'session', 'transaction'] as const;

/** Measures the rows that were asked for, and whether the answers of every timed run were kept. */
export async function measureRows(parts: Omit<BenchContext, 'checked' | 'measured'> & { readonly told: (label: string, run: TimedRun) => void }): Promise<RowResult[]> {
  const { only, profile } = parts.options;
  const failed: string[] = [];
  let checkedRuns = 0;
  const checked = (label: string, problems: readonly string[]) => {
    checkedRuns++;
    if (problems.length === 0) return true;
    failed.push(label);
    parts.say(`${label}: DOES NOT COUNT: ${problems.join('; ')}`);
    return false;
  };
  const measured = (label: string, run: TimedRun) => {
    parts.told(label, run);
    return checked(`${label}, ${run.contender}`, run.problems);
  };
  const context: BenchContext = { ...parts, checked, measured };
  const wants = (...names: RowName[]) => names.some((name) => only.has(name));

  if (profile !== undefined) {
    await profiled(context, profile);
    return [];
  }
  const rows: RowResult[] = [];
  // On its own, row 8 needs answers to check.
  if (wants('saturated', 'naive', 'bare') || (wants('integrity') && only.size === 1)) rows.push(...(await mixRows(context)));
  if (wants('scale', 'weak')) rows.push(...(await scaleRows(context)));
  if (wants('memory')) rows.push(await memoryRow(context));
  if (wants('storm')) rows.push(await stormRow(context));
  if (wants('command')) rows.push(...(await commandRows(context)));
  if (checkedRuns > 0) {
    const what = `timed runs with an answer lost, with a wrong id or result, or whose rows are not equal to the answers (of ${checkedRuns})`;
    rows.push(rowResult({ row: '8', what, notation: 'count', gate: atMost(0), goal: undefined }, [failed.length]));
  }
  return rows;
}

/** Drives the product for a while, at the end of it with the profiler on. */
async function profiled(context: BenchContext, folder: string): Promise<void> {
  const { options, backing, use } = context;
  mkdirSync(folder, { recursive: true });
  const preload = new URL('../servers/profile.js', import.meta.url).href;
  const product = await use(Product.start(backing, { stations, nodeOptions: `--import ${preload}`, env: { BENCH_PROFILES: resolve(folder) } }));
  const services = serviceNames.map((name) => ({ name, pid: product.pid(name) }));
  await product.client.call('open', { stations, bringUp: true });
  for (let round = 1; round <= options.rounds; round++) {
    const last = round === options.rounds;
    if (last) for (const { pid } of services) process.kill(pid, 'SIGUSR2');
    context.measured(`round ${round}, ${stations} saturated${last ? ', with profiler' : ''}`, await timedRun(product, { kind: 'saturated' }, options.seconds));
  }
  for (const { name, pid } of services) {
    process.kill(pid, 'SIGUSR2');
    const written = join(folder, `${pid}.cpuprofile`);
    await eventually(`the profile of ${name} is written`, () => existsSync(written), { timeoutMs: 30_000 });
    renameSync(written, join(folder, `${name}.cpuprofile`));
  }
  await context.release(product);
}
