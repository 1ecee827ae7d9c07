import { Product } from '../contenders/product.js';
import { timedRun, warmUp, type TimedRun } from '../measure/timed-run.js';
import type { BenchContext } from './bench-context.js';
import { atMost, rowResult, type RowResult } from './row-result.js';

const few = 2_000;
const many = 10_000;

/** Row 4, and the weak points, which have no gate: what a message costs with many stations, with few messages at once, and with few a second. */
export async function scaleRows(context: BenchContext): Promise<RowResult[]> {
  const { options, backing, use } = context;
  const product = await use(Product.start(backing, { stations: many }));
  const { client } = product;
  await client.call('open', { stations: many, bringUp: true });
  await product.settle();
  const rows: RowResult[] = [];
  if (options.only.has('scale')) rows.push(await scaleRow(context, product));
  if (options.only.has('weak')) await weakPoints(context, product);
  await context.release(product);
  return rows;
}

async function scaleRow(context: BenchContext, product: Product): Promise<RowResult> {
  const { rounds, seconds } = context.options;
  const ratios: (number | undefined)[] = [];
  await warmUp(product, { kind: 'saturated' }, seconds);
  for (let round = 0; round < rounds; round++) {
    const runs = new Map<number, TimedRun>();
    for (const stations of round % 2 === 0 ? [few, many] : [many, few]) {
      await product.client.call('open', { stations, bringUp: true });
      await product.settle();
      const run = await timedRun(product, { kind: 'saturated' }, seconds);
      if (context.measured(`round ${round + 1}, ${stations} saturated`, run)) runs.set(stations, run);
    }
    const [ofFew, ofMany] = [runs.get(few), runs.get(many)];
    ratios.push(ofFew && ofMany && ofMany.microseconds / ofFew.microseconds);
  }
  return rowResult({ row: '4', what: 'CPU per message, 10,000 against 2,000 chargers', notation: 'ratio', gate: atMost(1.25), goal: atMost(1.1) }, ratios);
}

async function weakPoints(context: BenchContext, product: Product): Promise<void> {
  const { seconds } = context.options;
  await product.client.call('open', { stations: many, bringUp: true });
  await product.settle();
  context.measured('weak point: 10,000 chargers, 250 messages a second', await timedRun(product, { kind: 'rate', perSecond: 250 }, seconds));
  await product.client.call('open', { stations: 200, bringUp: true });
  await product.settle();
  context.measured('weak point: 200 chargers, 16 in flight', await timedRun(product, { kind: 'in-flight', limit: 16 }, seconds));
}
