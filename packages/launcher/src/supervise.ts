import { setTimeout as delay } from 'node:timers/promises';
import type { Child } from '@ohmnibus/backing';
import { describeExit, startChild } from '@ohmnibus/backing';

export interface SuperviseOptions {
  name: string;
  /** An absolute path. */
  script: string;
  args?: string[];
  env: Record<string, string>;
  /** The URL that answers 200 once the service is ready. Without it a running process counts as ready. */
  readyUrl?: string;
  /** How long the first start may take, in milliseconds. Default 60 000. */
  readyTimeoutMs?: number;
  /** Told every line that the process writes. */
  log: (line: string) => void;
  /** Told, for people, when the process ends and comes back. */
  say: (line: string) => void;
}

/** A process that is started again whenever it ends. */
export interface Supervised {
  readonly name: string;
  /** Undefined while it waits to be started again. */
  readonly pid: number | undefined;
  /** Resolves when it is ready for the first time; rejects with its last lines if it cannot start. */
  readonly ready: Promise<void>;
  /** Asks it to end and waits; after `timeoutMs` (default 30 000) it is killed. */
  stop(timeoutMs?: number): Promise<void>;
  /** Ends it at once, also while `stop()` waits. */
  kill(): void;
}

/** EX_CONFIG: starting again would not help. */
const exitConfig = 78;
const firstPauseMs = 500;
const longestPauseMs = 10_000;
/** After this long without an end, the next end counts as the first. */
const steadyMs = 60_000;

/** Starts `node script` and keeps it running, with a longer pause after each failure in a row. */
export function supervise(options: SuperviseOptions): Supervised {
  const { name, log, say, readyTimeoutMs = 60_000 } = options;
  const stopped = new AbortController();
  let child: Child | undefined;
  let everReady = false;
  let cannotStart: string | undefined;

  const keepRunning = async () => {
    for (let failures = 0; !stopped.signal.aborted; ) {
      const began = Date.now();
      child = await startChild({
        name,
        command: process.execPath,
        args: ['--enable-source-maps', options.script, ...(options.args ?? [])],
        env: { ...process.env, ...options.env },
        log,
      });
      const exit = await child.exited;
      if (stopped.signal.aborted) return;
      const how = describeExit(name, exit);
      cannotStart = how;
      if (exit.code === exitConfig) {
        if (everReady) say(`${how}\n${name} is not started again: its configuration is wrong`);
        return;
      }
      failures = Date.now() - began > steadyMs ? 1 : failures + 1;
      const pauseMs = Math.min(firstPauseMs * 2 ** (failures - 1), longestPauseMs);
      say(`${how.split('\n')[0]}; starting it again in ${pauseMs / 1000} s`);
      await delay(pauseMs, undefined, { signal: stopped.signal }).catch(() => {});
    }
  };
  const running = keepRunning().catch((error: unknown) => {
    cannotStart = error instanceof Error ? error.message : String(error);
  });

  const untilReady = async () => {
    const deadline = Date.now() + readyTimeoutMs;
    let ended = false;
    void running.then(() => (ended = true));
    while (!(child && !child.exit && (await answersOk(options.readyUrl)))) {
      if (stopped.signal.aborted) throw new Error(`${name} was stopped`);
      if (ended) throw new Error(cannotStart ?? `${name} ended`);
      if (Date.now() > deadline) throw new Error(cannotStart ?? [`${name} was not ready after ${readyTimeoutMs} ms`, ...(child?.lastLines() ?? [])].join('\n  '));
      await delay(50);
    }
    everReady = true;
  };
  const ready = untilReady();
  // Whoever starts several waits for them one after the other; a failure of a later one must not count as unhandled until then.
  ready.catch(() => {});

  return {
    name,
    get pid() {
      return child && !child.exit ? child.pid : undefined;
    },
    ready,
    async stop(timeoutMs = 30_000) {
      stopped.abort();
      await child?.stop(timeoutMs);
      await running;
    },
    kill() {
      stopped.abort();
      child?.kill('SIGKILL');
    },
  };
}

async function answersOk(url: string | undefined): Promise<boolean> {
  if (url === undefined) return true;
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2000) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false;
  }
}
