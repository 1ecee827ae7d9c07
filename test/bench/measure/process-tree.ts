import { readdirSync, readFileSync } from 'node:fs';
import { cpus } from 'node:os';

/** The kernel counts in these, whatever its own ticks are (USER_HZ). */
const ticksPerSecond = 100;
export const cores = cpus().length;

interface Process {
  readonly parent: number;
  /** User and system time, with that of children that have ended. */
  readonly seconds: number;
}

/** Processes by a name of ours. Each stands for itself and everything below it. */
export type Processes = Readonly<Record<string, number>>;

/** User plus system CPU time since they were started, in seconds, by name. */
export function cpuSeconds(processes: Processes): Record<string, number> {
  const all = readProcesses();
  const below = new Map<number, number[]>();
  for (const [pid, { parent }] of all) below.set(parent, [...(below.get(parent) ?? []), pid]);
  const secondsOf = (pid: number): number => (all.get(pid)?.seconds ?? 0) + (below.get(pid) ?? []).reduce((sum, child) => sum + secondsOf(child), 0);
  return Object.fromEntries(Object.entries(processes).map(([name, pid]) => [name, secondsOf(pid)]));
}

/** CPU time over all cores since the machine was started, in seconds: what was used here, and what the host gave to other machines instead. */
export function machineSeconds(): { readonly used: number; readonly stolen: number } {
  const fields = readFileSync('/proc/stat', 'latin1').split('\n', 1)[0]!.split(/\s+/).slice(1).map(Number);
  const [user = 0, nice = 0, system = 0, , , irq = 0, softirq = 0, stolen = 0] = fields;
  return { used: (user + nice + system + irq + softirq) / ticksPerSecond, stolen: stolen / ticksPerSecond };
}

function readProcesses(): Map<number, Process> {
  const processes = new Map<number, Process>();
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    try {
      const stat = readFileSync(`/proc/${name}/stat`, 'latin1');
      // The name in parentheses may hold anything; what follows is: state, parent, ...
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const [user, system, endedUser, endedSystem] = fields.slice(11, 15).map(Number) as [number, number, number, number];
      processes.set(Number(name), { parent: Number(fields[1]), seconds: (user + system + endedUser + endedSystem) / ticksPerSecond });
    } catch {
      // It ended while we looked.
    }
  }
  return processes;
}
