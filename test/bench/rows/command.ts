import { startBare } from '../contenders/bare.js';
import { stationName } from '../contenders/contender.js';
import { Product } from '../contenders/product.js';
import { warmUpTurns } from '../measure/timed-run.js';
import { startRemote } from '../process/remote.js';
import type { AskReport, CommandAskerApi } from '../servers/server-api.js';
import type { BenchContext } from './bench-context.js';
import { atLeast, atMost, rowResult, type RowResult } from './row-result.js';

const stations = 500;
const many = 64;

/** Row 7: a station does something because an internal service asked over NATS, against a server that holds the socket itself and asks directly. */
export async function commandRows(context: BenchContext): Promise<RowResult[]> {
  const { options, backing, use } = context;
  const { seconds } = options;
  const product = await use(Product.start(backing, { stations, withCommands: true }));
  const bare = await use(startBare('uWebSockets.js'));
  const asker = await use(Promise.resolve(startRemote<CommandAskerApi>(new URL('../servers/command-asker.js', import.meta.url))));
  await asker.call('connect', { natsUrl: backing.natsUrl });
  for (const { client } of [product, bare]) await client.call('open', { stations, bringUp: true });
  await product.settle();

  let asked = 0;
  const overNats = async (inFlight: number, label: string): Promise<AskReport | undefined> => {
    const names = Array.from({ length: stations }, (_, i) => stationName(i));
    const report = await asker.call('ask', { inFlight, seconds, stations: names });
    await product.settle();
    asked += report.answered;
    const stored = await product.storedCommands();
    const unequal = stored.accepted === asked && stored.all === asked && stored.logged === asked ? [] : [`${asked} accepted, stored ${JSON.stringify(stored)}`];
    return told(context, `${label}, over NATS, ${inFlight} in flight`, report, unequal);
  };
  const directly = async (inFlight: number, label: string): Promise<AskReport | undefined> => {
    return told(context, `${label}, in process, ${inFlight} in flight`, await bare.server.call('callStations', { inFlight, seconds }), []);
  };
  const latencies: (number | undefined)[] = [];
  const rates: (number | undefined)[] = [];
  for (let round = 1 - warmUpTurns; round <= options.rounds; round++) {
    const label = round < 1 ? 'commands to warm up' : `round ${round}`;
    const [direct1, ours1] = [await directly(1, label), await overNats(1, label)];
    const [directMany, oursMany] = [await directly(many, label), await overNats(many, label)];
    if (round < 1) continue;
    latencies.push(ours1 && direct1 && ours1.p50Ms - direct1.p50Ms);
    rates.push(oursMany && directMany && oursMany.perSecond / directMany.perSecond);
  }
  await context.release(asker);
  await context.release(product);
  await context.release(bare);
  return [
    rowResult({ row: '7a', what: 'command p50 with 1 in flight, less the in-process baseline', notation: 'milliseconds', gate: atMost(1), goal: atMost(0.6) }, latencies),
    rowResult({ row: '7b', what: 'commands a second with 64 in flight against the in-process rate', notation: 'ratio', gate: atLeast(0.17), goal: atLeast(0.25) }, rates),
  ];
}

function told(context: BenchContext, label: string, report: AskReport, unequal: readonly string[]): AskReport | undefined {
  context.say(`${label}: p50 ${report.p50Ms.toFixed(2)} ms, ${report.perSecond.toFixed(0)} a second`);
  return context.checked(label, [...report.failed, ...unequal]) ? report : undefined;
}
