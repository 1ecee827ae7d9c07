import type { LoadClientApi } from '../load-client/load-client-api.js';
import type { Tally } from '../load-client/tally.js';
import type { Processes } from '../measure/process-tree.js';
import { startRemote, type Remote } from '../process/remote.js';

/** Something that stations connect to, with a process that plays its stations. */
export interface Contender {
  readonly name: string;
  readonly client: Remote<LoadClientApi>;
  /** All that serves, the client not among them. */
  readonly processes: Processes;
  /** Resolves when nothing is left of the work that answers stand for. */
  settle(): Promise<void>;
  /** What its database says otherwise than the answers that were given; empty: nothing. */
  problems(tally: Tally): Promise<string[]>;
  stop(): Promise<void>;
}

export const stationPrefix = 'S';

/** The name of a station, as the load client calls it. */
export function stationName(index: number): string {
  return `${stationPrefix}${String(index).padStart(9, '0')}`;
}

/** A process that plays stations and connects them to this port. */
export async function startLoadClient(port: number, password?: string): Promise<Remote<LoadClientApi>> {
  const client = startRemote<LoadClientApi>(new URL('../load-client/main.js', import.meta.url));
  await client.call('target', { host: '127.0.0.1', port, stationPrefix, ...(password !== undefined && { password }) });
  return client;
}
