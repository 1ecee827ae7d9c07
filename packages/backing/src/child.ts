import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { findOnPath } from './find-on-path.js';

/** How a process ended: its exit code, or the signal that ended it, and the last lines it wrote. */
export interface ChildExit {
  code: number | null;
  signal: NodeJS.Signals | null;
  lastLines: string[];
}

export interface ChildOptions {
  /** What messages call this process. */
  name: string;
  command: string;
  args: string[];
  env?: NodeJS.ProcessEnv;
  cwd?: string;
  uid?: number;
  gid?: number;
  /** The signal that asks this process to end in good order. Default SIGTERM. */
  stopSignal?: NodeJS.Signals;
  /** Told every line that the process writes, on either stream. */
  log?: (line: string) => void;
}

/** A running process that ends when this process ends, however that happens. */
export interface Child {
  readonly name: string;
  readonly pid: number;
  /** Resolves once the process is gone; never rejects. */
  readonly exited: Promise<ChildExit>;
  /** Undefined while the process runs. */
  readonly exit: ChildExit | undefined;
  /** The last lines the process wrote, oldest first. */
  lastLines(): string[];
  kill(signal: NodeJS.Signals): void;
  /** Asks it to end and waits; after `timeoutMs` (default 10 000) it is killed. */
  stop(timeoutMs?: number): Promise<ChildExit>;
}

const keptLines = 40;
const living = new Map<number, NodeJS.Signals>();
let watchingExit = false;

/** For the paths where nobody could call stop(): process.exit() and uncaught errors. */
function endLivingChildren(): void {
  for (const [pid, signal] of living) {
    try {
      process.kill(pid, signal);
    } catch {
      // Already gone.
    }
  }
}

/**
 * Starts a process in a session of its own, so that Ctrl-C in a terminal reaches only us and we decide the order in which things end.
 * Should we be killed outright, Linux ends it for us (`setpriv --pdeathsig`, where that command exists).
 * Throws if the program cannot be started at all; a program that starts and fails shows in `exited`.
 */
export async function startChild(options: ChildOptions): Promise<Child> {
  const { name, stopSignal = 'SIGTERM' } = options;
  const setpriv = process.platform === 'linux' ? findOnPath('setpriv') : undefined;
  const guard = setpriv ? [setpriv, '--pdeathsig', stopSignal.slice(3)] : [];
  const [command = options.command, ...args] = [...guard, options.command, ...options.args];
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
    env: options.env ?? process.env,
    cwd: options.cwd,
    uid: options.uid,
    gid: options.gid,
  });
  await new Promise<void>((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', (error) => reject(new Error(`${name} could not be started: ${error.message}`, { cause: error })));
  });
  const pid = child.pid as number;
  if (!watchingExit) {
    watchingExit = true;
    process.on('exit', endLivingChildren);
  }
  living.set(pid, stopSignal);

  const lines: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    createInterface({ input: stream }).on('line', (line) => {
      lines.push(line);
      if (lines.length > keptLines) lines.shift();
      options.log?.(line);
    });
  }
  let exit: ChildExit | undefined;
  const exited = new Promise<ChildExit>((resolve) => {
    // 'exit' frees the pid; 'close' comes when the last line has been read.
    child.once('exit', () => living.delete(pid));
    child.once('close', (code, signal) => {
      exit = { code, signal, lastLines: [...lines] };
      resolve(exit);
    });
  });
  const kill = (signal: NodeJS.Signals) => {
    if (living.has(pid)) child.kill(signal);
  };
  return {
    name,
    pid,
    exited,
    get exit() {
      return exit;
    },
    lastLines: () => [...lines],
    kill,
    async stop(timeoutMs = 10_000) {
      kill(stopSignal);
      const timer = setTimeout(() => kill('SIGKILL'), timeoutMs);
      try {
        return await exited;
      } finally {
        clearTimeout(timer);
      }
    },
  };
}

/** One line that says how a process ended, followed by what it last wrote. */
export function describeExit(name: string, { code, signal, lastLines }: ChildExit): string {
  return [`${name} ended with ${signal ?? `code ${code}`}`, ...lastLines.map((line) => `  ${line}`)].join('\n');
}
