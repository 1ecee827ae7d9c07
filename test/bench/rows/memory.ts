import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '@ohmnibus/testkit';
import { startBare } from '../contenders/bare.js';
import { Product } from '../contenders/product.js';
import type { Contender } from '../contenders/contender.js';
import type { BenchContext } from './bench-context.js';
import { atMost, rowResult, type RowResult } from './row-result.js';

const first = 500;
const idle = 10_000;
/** Each round starts new processes, and memory hardly varies. */
const mostRounds = 3;
const nodeOptions = `--import ${new URL('../servers/tell-memory.js', import.meta.url).href}`;

/** Row 5: what an idle connection keeps in the memory of the process that holds it. */
export async function memoryRow(context: BenchContext): Promise<RowResult> {
  const { options, backing, use } = context;
  const folder = mkdtempSync(join(tmpdir(), 'ohmnibus-bench-'));
  const file = join(folder, 'bytes');
  const env = { BENCH_MEMORY: file };
  const ratios: number[] = [];
  for (let round = 0; round < Math.min(options.rounds, mostRounds); round++) {
    const product = await use(Product.start(backing, { stations: first + idle, nodeOptions, env }));
    const ours = await bytesPerConnection(product, product.pid('gateway'), file);
    await context.release(product);
    const bare = await use(startBare('ocpp-rpc', { nodeOptions, env }));
    const theirs = await bytesPerConnection(bare, bare.server.pid, file);
    await context.release(bare);
    context.say(`round ${round + 1}, bytes for an idle connection: Ohmnibus ${ours.toFixed(0)}, ocpp-rpc ${theirs.toFixed(0)}`);
    ratios.push(ours / theirs);
  }
  rmSync(folder, { recursive: true });
  return rowResult({ row: '5', what: 'gateway RSS per idle connection (10,000), against ocpp-rpc', notation: 'fraction', gate: atMost(1 / 6), goal: atMost(1 / 12) }, ratios);
}

async function bytesPerConnection({ client }: Contender, pid: number, file: string): Promise<number> {
  // The first connections load code and grow pools; they are not what a connection costs.
  await client.call('open', { stations: first, bringUp: false });
  const before = await keptBytes(pid, file);
  await client.call('open', { stations: first + idle, bringUp: false });
  return ((await keptBytes(pid, file)) - before) / idle;
}

/** What a process keeps when its garbage is collected. */
async function keptBytes(pid: number, file: string): Promise<number> {
  rmSync(file, { force: true });
  process.kill(pid, 'SIGUSR2');
  return Number(await eventually('the process has told its memory', () => readFileSync(file, 'utf8'), { timeoutMs: 30_000, intervalMs: 100 }));
}
