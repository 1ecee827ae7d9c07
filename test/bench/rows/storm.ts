import { startBare } from '../contenders/bare.js';
import { Product } from '../contenders/product.js';
import { watchMachine } from '../measure/machine-shares.js';
import { warmUpTurns } from '../measure/timed-run.js';
import { percent } from '../report/describe-run.js';
import { cpuSeconds } from '../measure/process-tree.js';
import type { Contender } from '../contenders/contender.js';
import type { BenchContext } from './bench-context.js';
import { atMost, rowResult, type RowResult } from './row-result.js';

const stations = 10_000;
const connecting = 256;
const password = 'a password of the bench';

/** Row 6: 10,000 stations come back at once; each is admitted by its password, boots and reports its state. */
export async function stormRow(context: BenchContext): Promise<RowResult> {
  const { options, backing, use } = context;
  const product = await use(Product.start(backing, { stations, password }));
  const bare = await use(startBare('ocpp-rpc'));
  const ratios: (number | undefined)[] = [];
  for (let round = 1 - warmUpTurns; round <= options.rounds; round++) {
    const label = round < 1 ? 'storm to warm up' : `round ${round}, storm`;
    const theirs = await storm(context, label, bare, async () => undefined);
    const ours = await storm(context, label, product, () => product.emptied());
    if (round > 0) ratios.push(ours !== undefined && theirs !== undefined ? ours / theirs : undefined);
  }
  await context.release(product);
  await context.release(bare);
  return rowResult(
    { row: '6', what: 'storm of 10,000 with real admission, boot and status: time against ocpp-rpc without a database', notation: 'ratio', gate: atMost(0.5), goal: atMost(0.3) },
    ratios,
  );
}

async function storm(context: BenchContext, label: string, contender: Contender, emptied: () => Promise<void>): Promise<number | undefined> {
  const { client, processes } = contender;
  const before = cpuSeconds(processes);
  const shares = watchMachine();
  const report = await client.call('storm', { stations, connecting });
  await contender.settle();
  const costs = Object.entries(cpuSeconds(processes)).map(([name, seconds]) => [name, ((seconds - before[name]!) * 1e6) / stations] as const);
  const cost = costs.reduce((sum, [, microseconds]) => sum + microseconds, 0);
  const parts = costs.map(([name, microseconds]) => `${name} ${microseconds.toFixed(0)}`).join(', ');
  const { othersShare, stolenShare } = shares();
  context.say(`${label}, ${contender.name}: ${report.seconds.toFixed(2)} s, ${cost.toFixed(0)} us a charger (${parts}), ${report.cutOff} cut off at the door, others ${percent(othersShare)}, stolen ${percent(stolenShare)}`);
  const wrong = report.tally.wrong > 0 ? [`${report.tally.wrong} wrong answers, such as ${report.tally.examples[0]}`] : [];
  const problems = [...report.failed, ...wrong, ...(await contender.problems(report.tally))];
  await client.call('open', { stations: 0, bringUp: false });
  await emptied();
  return context.checked(`${label}, ${contender.name}`, problems) ? report.seconds : undefined;
}
