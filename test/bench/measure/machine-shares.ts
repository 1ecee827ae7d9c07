import { cores, cpuSeconds, machineSeconds } from './process-tree.js';

/** How much of the machine was not ours, 0 to 1. */
export interface MachineShares {
  /** What processes used that the benchmark did not start. */
  readonly othersShare: number;
  /** What the host gave to other machines; 0 on hardware of one's own. */
  readonly stolenShare: number;
}

/** Returns a function that tells what was used since. */
export function watchMachine(): () => MachineShares {
  // Everything that the benchmark starts is below it.
  const look = () => ({ own: cpuSeconds({ bench: process.pid })['bench']!, ...machineSeconds(), at: performance.now() });
  const before = look();
  return () => {
    const now = look();
    const all = ((now.at - before.at) / 1000) * cores;
    return { othersShare: Math.max(0, now.used - before.used - (now.own - before.own)) / all, stolenShare: (now.stolen - before.stolen) / all };
  };
}
