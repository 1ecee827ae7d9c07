import { describeExit, startChild } from '@ohmnibus/backing';
import { setTimeout as delay } from 'node:timers/promises';

export interface SpawnOptions {
  /** The path of the JavaScript file that node runs. */
  script: string;
  args?: string[];
  /** Added to our own environment. */
  env?: NodeJS.ProcessEnv;
  /** The URL that answers 200 once the service is ready. Without it the process counts as ready at once. */
  ready?: string;
  /** What one of its lines has to hold by then: somebody else may answer at that URL, if the port was taken. */
  says?: string;
  /** How long it may take until then, in milliseconds. Default 60 000. */
  readyTimeoutMs?: number;
}

/** What our own services write when they have begun. */
export const serviceStarted = '"msg":"started"';

/** A service that runs as a real process. */
export interface RunningService {
  readonly name: string;
  readonly pid: number;
  /** Every line that it has written so far. */
  readonly lines: readonly string[];
  /** Resolves once the process is gone; never rejects. A killed process has a signal in place of a code. */
  readonly exited: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
  kill(signal: NodeJS.Signals): void;
  /** Asks it to end (SIGTERM) and waits. Throws, with its last lines, if it had to be killed after `timeoutMs` (default 40 000: by then a service has given up by itself and said why). */
  stop(timeoutMs?: number): Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts `node script` and waits until it is ready. Throws with its last lines if it ends before that or takes too long; then it is gone. */
export async function spawnService(name: string, options: SpawnOptions): Promise<RunningService> {
  const lines: string[] = [];
  const child = await startChild({
    name,
    command: process.execPath,
    args: ['--enable-source-maps', options.script, ...(options.args ?? [])],
    env: { ...process.env, ...options.env },
    log: (line) => lines.push(line),
  });
  const { ready, says = '', readyTimeoutMs = 60_000 } = options;
  const isReady = async (url: string) => (says === '' || lines.some((line) => line.includes(says))) && answersOk(url);
  const deadline = Date.now() + readyTimeoutMs;
  while (ready !== undefined && !(await isReady(ready))) {
    if (child.exit) throw new Error(describeExit(name, child.exit));
    if (Date.now() > deadline) {
      child.kill('SIGKILL');
      throw new Error([`${name} was not ready after ${readyTimeoutMs} ms:`, ...(await child.exited).lastLines].join('\n  '));
    }
    await Promise.race([delay(25), child.exited]);
  }
  return {
    name,
    pid: child.pid,
    lines,
    exited: child.exited,
    kill: child.kill,
    async stop(timeoutMs = 40_000) {
      if (child.exit) return child.exit;
      // A frozen process (SIGSTOP) would not hear the request to end.
      child.kill('SIGCONT');
      const exit = await child.stop(timeoutMs);
      if (exit.signal === 'SIGKILL') throw new Error(`${name} did not end within ${timeoutMs} ms of SIGTERM\n${describeExit(name, exit)}`);
      return exit;
    },
  };
}

async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
