import type { Child, ChildExit } from './child.js';
import { freePort } from './free-port.js';

/** One running server of the backing. Starting it again with the same data directory and port brings it back with its data. */
export interface Server {
  readonly url: string;
  readonly port: number;
  readonly pid: number;
  /** Resolves once the process is gone; never rejects. */
  readonly exited: Promise<ChildExit>;
  /** For tests of failure: SIGKILL ends it, SIGSTOP and SIGCONT freeze and thaw it. */
  kill(signal: NodeJS.Signals): void;
  /** Ends it in good order; resolves once the process is gone. */
  stop(): Promise<void>;
}

export interface ServerOptions {
  /** Where it keeps its data, an absolute path; made if it is not there. */
  dataDir: string;
  /** The loopback port to listen on; without it, a free one. */
  port?: number;
  /** False gives up safety against a power cut for speed: for tests. Default true. */
  fsync?: boolean;
  /** Told every line that the server writes. */
  log?: (line: string) => void;
}

/** Starts a server on the port that was asked for, or on free ones until it is up: between probing a port and binding it somebody else may take it. */
export async function startOnPort(wanted: number | undefined, start: (port: number) => Promise<Child>): Promise<{ child: Child; port: number }> {
  for (let attempt = 1; ; attempt++) {
    const port = wanted ?? (await freePort());
    try {
      return { child: await start(port), port };
    } catch (error) {
      if (wanted !== undefined || attempt === 3 || !/in use|bind/i.test(String(error))) throw error;
    }
  }
}

/** What the outside sees of a child that serves `url`. */
export function serverOf(child: Child, url: string, port: number): Server {
  return {
    url,
    port,
    pid: child.pid,
    exited: child.exited,
    kill: child.kill,
    async stop() {
      // A frozen process (SIGSTOP) would not hear the request to end.
      child.kill('SIGCONT');
      await child.stop();
    },
  };
}
