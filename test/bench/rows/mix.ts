import { startBare } from '../contenders/bare.js';
import type { Contender } from '../contenders/contender.js';
import { startNaive } from '../contenders/naive.js';
import { Product } from '../contenders/product.js';
import { timedRun, warmUp, type TimedRun } from '../measure/timed-run.js';
import type { BenchContext } from './bench-context.js';
import { atLeast, atMost, rowResult, type RowResult } from './row-result.js';

const stations = 2_000;

/** Rows 1 to 3: the whole mix from 2,000 stations, each sending its next message when the last is answered. */
export async function mixRows(context: BenchContext): Promise<RowResult[]> {
  const { options, backing, use } = context;
  const { only } = options;
  const [rpc, naive, bare] = [only.has('saturated'), only.has('naive'), only.has('bare')];
  const product = await use(Product.start(backing, { stations }));
  const contenders: Contender[] = [
    product,
    ...(rpc ? [await use(startBare('ocpp-rpc'))] : []),
    ...(bare ? [await use(startBare('uWebSockets.js'))] : []),
    ...(naive ? [await use(startNaive(backing))] : []),
  ];
  for (const contender of contenders) {
    await contender.client.call('open', { stations, bringUp: true });
    await warmUp(contender, { kind: 'saturated' }, options.seconds);
  }
  const rounds: Map<string, TimedRun>[] = [];
  for (let round = 0; round < options.rounds; round++) {
    const runs = new Map<string, TimedRun>();
    // Each begins a round once: what the one before leaves behind in the caches hits all alike.
    for (let i = 0; i < contenders.length; i++) {
      const contender = contenders[(round + i) % contenders.length]!;
      const run = await timedRun(contender, { kind: 'saturated' }, options.seconds);
      if (context.measured(`round ${round + 1}, ${stations} saturated`, run)) runs.set(contender.name, run);
    }
    rounds.push(runs);
  }
  for (const contender of contenders) await context.release(contender);
  const ratios = (against: string, figure: (run: TimedRun) => number) =>
    rounds.map((runs) => {
      const [ours, theirs] = [runs.get(product.name), runs.get(against)];
      return ours && theirs && figure(ours) / figure(theirs);
    });
  const cost = (run: TimedRun) => run.microseconds;
  return [
    ...(rpc
      ? [
          rowResult(
            { row: '1', what: 'CPU per persisted message, 2,000 chargers saturated, against ocpp-rpc bare without a database', notation: 'ratio', gate: atMost(1.8), goal: atMost(1.2) },
            ratios('ocpp-rpc', cost),
          ),
        ]
      : []),
    ...(naive ? [rowResult({ row: '2', what: 'the same against the naive path', notation: 'fraction', gate: atMost(1 / 8), goal: atMost(1 / 13) }, ratios('naive', cost))] : []),
    ...(bare
      ? [
          rowResult(
            { row: '3', what: 'durable messages a second against the uWebSockets.js bare handler', notation: 'ratio', gate: atLeast(0.45), goal: atLeast(0.65) },
            ratios('uWebSockets.js', (run) => run.sustainedPerSecond),
          ),
        ]
      : []),
  ];
}
