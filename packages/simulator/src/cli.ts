import { CommanderError } from 'commander';
import { commandLine } from './cli-options.js';
import type { RunOptions } from './cli-options.js';
import { createFleet } from './fleet.js';
import type { Fleet, FleetStatistics } from './fleet.js';

/** Runs the command line; resolves with the exit code. Says what is wrong on standard error. */
export async function main(args: readonly string[]): Promise<number> {
  try {
    await commandLine(run).parseAsync(args, { from: 'user' });
    return 0;
  } catch (error) {
    // Commander has printed its own complaint, or the help that was asked for.
    if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 1;
    console.error(`ohmnibus-simulator: ${error instanceof Error ? error.message : String(error)}`);
    return 1;
  }
}

/** Resolves after a signal or the duration, with every socket closed; rejects if no station gets through in time. */
async function run(options: RunOptions): Promise<void> {
  const fleet = createFleet(options.fleet);
  const status = options.quiet ? undefined : setInterval(() => console.log(statusLine(fleet.statistics())), options.statusSeconds * 1000);
  try {
    void fleet.start();
    await untilOver(fleet, options);
  } finally {
    clearInterval(status);
    await fleet.stop();
    if (!options.quiet) console.log(`stopped; ${statusLine(fleet.statistics())}`);
  }
}

async function untilOver(fleet: Fleet, { fleet: { url }, duration, connectTimeout }: RunOptions): Promise<void> {
  const timers: NodeJS.Timeout[] = [];
  let end: () => void = () => undefined;
  let everAccepted = false;
  for (const station of fleet.stations) station.once('online', () => (everAccepted = true));
  try {
    await new Promise<void>((resolve, reject) => {
      end = resolve;
      process.once('SIGINT', end);
      process.once('SIGTERM', end);
      const checkAfter = (seconds: number): void => {
        if (everAccepted) return;
        const { lastConnectError, online } = fleet.statistics();
        const why = lastConnectError ?? (online > 0 ? 'no boot was accepted' : 'no answer');
        reject(new Error(`no station was accepted at ${url} within ${seconds} s: ${why}`));
      };
      const limit = (seconds: number, task: () => void): void => void timers.push(setTimeout(task, seconds * 1000));
      limit(connectTimeout, () => checkAfter(connectTimeout));
      if (duration === undefined) return;
      limit(duration, () => {
        checkAfter(duration);
        resolve();
      });
    });
  } finally {
    for (const timer of timers) clearTimeout(timer);
    process.off('SIGINT', end);
    process.off('SIGTERM', end);
  }
}

/** One line for a terminal or a log. */
export function statusLine(statistics: FleetStatistics): string {
  const { stations, online, booted, chargesStarted, chargesStopped, calls, callErrors, timeouts, lost, failedConnects } = statistics;
  const { p50, p95, p99 } = statistics.latencyMs;
  const ms = (value: number): string => value.toFixed(value < 10 ? 1 : 0);
  return [
    `online ${online}/${stations} (${booted} accepted)`,
    `charges ${chargesStarted} started, ${chargesStopped} stopped`,
    `calls ${calls} (${callErrors} errors, ${timeouts} timeouts, ${lost} lost)`,
    `ms p50 ${ms(p50)} p95 ${ms(p95)} p99 ${ms(p99)}`,
    ...(failedConnects > 0 ? [`failed connects ${failedConnects}, last: ${statistics.lastConnectError}`] : []),
  ].join(' | ');
}
