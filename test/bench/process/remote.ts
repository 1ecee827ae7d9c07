import { heapFlags, nodeOptions as deployedNodeOptions } from '@ohmnibus/runtime';
import { fork } from 'node:child_process';
import type { Answer, Ask } from './serve-parent.js';

/** The functions that a process of the benchmark offers: one argument, one result, both JSON. */
export type Functions<Api> = { readonly [K in keyof Api]: (argument: never) => unknown };

/** A process of the benchmark, and its functions called from here. It ends when this process ends. */
export interface Remote<Api extends Functions<Api>> {
  readonly pid: number;
  call<K extends keyof Api & string>(name: K, argument: Parameters<Api[K]>[0]): Promise<Awaited<ReturnType<Api[K]>>>;
  stop(): Promise<void>;
}

export interface RemoteOptions {
  /** Beside those that services are deployed with. */
  readonly nodeOptions?: string;
  readonly env?: Readonly<Record<string, string>>;
}

/** Starts `node script`, which calls `serveParent`. A call rejects if the function throws or if the process ends before it answers. */
export function startRemote<Api extends Functions<Api>>(script: URL, { nodeOptions = '', env }: RemoteOptions = {}): Remote<Api> {
  const child = fork(script, [], {
    execArgv: [...heapFlags],
    env: { ...process.env, ...env, NODE_OPTIONS: `${deployedNodeOptions} ${nodeOptions}` },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  });
  const waiting = new Map<number, (answer: Answer) => void>();
  let asked = 0;
  let ended: string | undefined;
  const exited = new Promise<void>((resolve) => {
    child.once('exit', (code, signal) => {
      ended = `${script.pathname} ended with ${signal ?? `code ${code}`}`;
      for (const settle of waiting.values()) settle({ id: 0, error: ended });
      resolve();
    });
  });
  child.on('message', (answer: Answer) => {
    waiting.get(answer.id)?.(answer);
    waiting.delete(answer.id);
  });
  return {
    pid: child.pid as number,
    call: (name, argument) =>
      new Promise((resolve, reject) => {
        if (ended) return reject(new Error(ended));
        const id = ++asked;
        waiting.set(id, ({ error, result }) => (error === undefined ? resolve(result as never) : reject(new Error(error))));
        child.send({ id, name, argument } satisfies Ask);
      }),
    async stop() {
      if (!ended) child.kill('SIGTERM');
      await exited;
    },
  };
}
