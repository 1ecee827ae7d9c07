import { setTimeout as delay } from 'node:timers/promises';
import type { Child } from './child.js';
import { describeExit } from './child.js';

/** Waits until `ready` says so. Throws with its last lines if it ends first, or if `timeoutMs` passes: then it is stopped. */
export async function untilReady(child: Child, ready: () => Promise<boolean> | boolean, timeoutMs = 30_000): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (!(await ready())) {
    if (child.exit) throw new Error(describeExit(child.name, child.exit));
    if (Date.now() > deadline) {
      await child.stop();
      throw new Error([`${child.name} was not ready after ${timeoutMs} ms`, ...child.lastLines()].join('\n  '));
    }
    await Promise.race([delay(20), child.exited]);
  }
}
