import { setTimeout as delay } from 'node:timers/promises';
import { startBare } from '../contenders/bare.js';
import { Product } from '../contenders/product.js';
import type { Contender } from '../contenders/contender.js';
import { residentBytes } from '../measure/process-tree.js';
import type { BenchContext } from './bench-context.js';
import { atMost, rowResult, type RowResult } from './row-result.js';

const first = 500;
const idle = 10_000;
/** Each round starts new processes, and memory hardly varies. */
const mostRounds = 3;
const nodeOptions = `--import ${new URL('../servers/collect-garbage.js', import.meta.url).href}`;

/** Row 5: what an idle connection keeps in the memory of the process that holds it. */
export async function memoryRow(context: BenchContext): Promise<RowResult> {
  const { options, backing, use } = context;
  const ratios: number[] = [];
  for (let round = 0; round < Math.min(options.rounds, mostRounds); round++) {
    const product = await use(Product.start(backing, { stations: first + idle, nodeOptions }));
    const ours = await bytesPerConnection(product, product.pid('gateway'));
    await context.release(product);
    const bare = await use(startBare('ocpp-rpc', { nodeOptions }));
    const theirs = await bytesPerConnection(bare, bare.server.pid);
    await context.release(bare);
    context.say(`round ${round + 1}, bytes for an idle connection: Ohmnibus ${ours.toFixed(0)}, ocpp-rpc ${theirs.toFixed(0)}`);
    ratios.push(ours / theirs);
  }
  return rowResult({ row: '5', what: 'gateway RSS per idle connection (10,000), against ocpp-rpc', notation: 'fraction', gate: atMost(1 / 6), goal: atMost(1 / 12) }, ratios);
}

async function bytesPerConnection({ client }: Contender, pid: number): Promise<number> {
  // The first connections load code and grow pools; they are not what a connection costs.
  await client.call('open', { stations: first, bringUp: false });
  const before = await keptBytes(pid);
  await client.call('open', { stations: first + idle, bringUp: false });
  return ((await keptBytes(pid)) - before) / idle;
}

/** Collects garbage until that gains nothing more. */
async function keptBytes(pid: number): Promise<number> {
  let least = Number.POSITIVE_INFINITY;
  for (let gained = true; gained; ) {
    process.kill(pid, 'SIGUSR2');
    await delay(1_500);
    const bytes = residentBytes(pid);
    gained = bytes < least * 0.995;
    least = Math.min(least, bytes);
  }
  return least;
}
