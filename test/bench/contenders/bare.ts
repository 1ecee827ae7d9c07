import type { Processes } from '../measure/process-tree.js';
import { startRemote, type Remote, type RemoteOptions } from '../process/remote.js';
import type { StationCallerApi, StationServerApi } from '../servers/server-api.js';
import { startLoadClient, type Contender } from './contender.js';

const scripts = { 'ocpp-rpc': 'ocpp-rpc-server.js', 'uWebSockets.js': 'uws-server.js' } as const;

export type BareServer = keyof typeof scripts;

export interface Bare extends Contender {
  /** Only uWebSockets.js calls stations. */
  readonly server: Remote<StationCallerApi>;
}

/** A server in one process that answers and keeps nothing. */
export async function startBare(name: BareServer, options: RemoteOptions = {}): Promise<Bare> {
  const server = startRemote<StationServerApi>(new URL(`../servers/${scripts[name]}`, import.meta.url), options);
  const port = await server.call('listen', { natsUrl: '' });
  const client = await startLoadClient(port);
  const processes: Processes = { server: server.pid };
  return {
    name,
    client,
    processes,
    server: server as unknown as Remote<StationCallerApi>,
    settle: () => Promise.resolve(),
    problems: () => Promise.resolve([]),
    stop: async () => {
      await client.stop();
      await server.stop();
    },
  };
}
