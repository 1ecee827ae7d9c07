import { setTimeout as delay } from 'node:timers/promises';
import type { Contender } from '../contenders/contender.js';
import type { Drive, DriveReport } from '../load-client/load-client-api.js';
import { watchMachine, type MachineShares } from './machine-shares.js';
import { cores, cpuSeconds } from './process-tree.js';

/** What was measured while a client drove a contender. */
export interface TimedRun extends MachineShares {
  readonly contender: string;
  /** Answered, right or wrong aside. */
  readonly messages: number;
  /** Answers in the time for which messages were sent, a second. */
  readonly perSecond: number;
  /** All answers, over the time until nothing was left to be done for them, a second. */
  readonly sustainedPerSecond: number;
  /** CPU time of all servers for one message, in microseconds, with all that was put off. */
  readonly microseconds: number;
  /** The same by process. */
  readonly parts: Readonly<Record<string, number>>;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** Of the machine, 0 to 1. */
  readonly clientShare: number;
  /** Lost, wrong or twice; empty if nothing was. */
  readonly problems: readonly string[];
}

/** No figure is taken from less CPU time than this, in seconds; the kernel counts in hundredths, for each process. */
const leastCpuSeconds = 1;
const longestExtension = 8;

/**
 * Drives a contender for so many seconds, or longer until it has used enough CPU time to tell. The window ends when everything that the
 * answers promise is done, so that work put off is paid for.
 */
export async function timedRun(contender: Contender, drive: Drive, seconds: number): Promise<TimedRun> {
  const { client, processes } = contender;
  const look = () => ({ parts: cpuSeconds(processes), client: cpuSeconds({ client: client.pid }) });
  const shares = watchMachine();
  const before = look();
  const startedAt = performance.now();
  await client.call('start', drive);
  await delay(seconds * 1000);
  for (let i = 0; i < longestExtension && used(before.parts, cpuSeconds(processes)) < leastCpuSeconds; i++) await delay(seconds * 1000);
  const sentFor = (performance.now() - startedAt) / 1000;
  const report = await client.call('stop', undefined);
  await contender.settle();
  const lasted = (performance.now() - startedAt) / 1000;
  const after = look();
  const servers = used(before.parts, after.parts);
  return {
    contender: contender.name,
    messages: report.answered,
    perSecond: report.answeredInTime / sentFor,
    sustainedPerSecond: report.answered / lasted,
    microseconds: (servers * 1e6) / report.answered,
    parts: Object.fromEntries(Object.entries(after.parts).map(([name, value]) => [name, ((value - before.parts[name]!) * 1e6) / report.answered])),
    p50Ms: report.p50Ms,
    p99Ms: report.p99Ms,
    clientShare: used(before.client, after.client) / (lasted * cores),
    ...shares(),
    problems: [...clientProblems(report), ...(await contender.problems(report.tally))],
  };
}

/** V8 compiles the code of a service that is new to its work for some ten seconds under load, with half of its CPU time at first; one that has run for a while does not. */
export const warmUpTurns = 3;

/** Lets a contender work as it will be measured until its code is compiled. */
export async function warmUp(contender: Contender, drive: Drive, seconds: number): Promise<void> {
  for (let turn = 0; turn < warmUpTurns; turn++) await timedRun(contender, drive, seconds);
}

function clientProblems({ lost, wrong, closed, tally }: DriveReport): string[] {
  return [
    ...(lost > 0 ? [`${lost} questions without an answer`] : []),
    ...(wrong > 0 ? [`${wrong} wrong answers, such as ${tally.examples[0]}`] : []),
    ...closed,
  ];
}

function used(before: Readonly<Record<string, number>>, after: Readonly<Record<string, number>>): number {
  return Object.entries(after).reduce((sum, [name, value]) => sum + value - (before[name] ?? 0), 0);
}
