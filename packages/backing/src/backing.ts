import { join, resolve } from 'node:path';
import type { ChildExit } from './child.js';
import { claimDirectory } from './claim.js';
import { freePort } from './free-port.js';
import { startNats } from './nats.js';
import { startPostgres } from './postgres.js';
import { startRedis } from './redis.js';
import type { Server, ServerOptions } from './server.js';
import { findTools } from './tools.js';

export type BackingService = 'postgres' | 'nats' | 'redis';

export interface BackingOptions {
  /** Where all data is kept, one folder per service. Made if it is not there; data survives a restart. */
  dataDir: string;
  /** Which services to start. Default all three. */
  services?: BackingService[];
  /** Ports to use where they are free, such as those of the last start. */
  ports?: Partial<Record<BackingService, number>>;
  /** False gives up safety against a power cut for speed: for tests. Default true. */
  fsync?: boolean;
  /** Told what goes on and every line that a service writes, with the service's name in front. */
  log?: (line: string) => void;
  /** Told when a service ends without having been asked to. */
  onUnexpectedExit?: (service: BackingService, exit: ChildExit) => void;
}

/** Running services. The URL and pid of a service that was not asked for are empty. */
export interface Backing {
  readonly databaseUrl: string;
  readonly natsUrl: string;
  readonly redisUrl: string;
  readonly pids: Partial<Record<BackingService, number>>;
  readonly ports: Partial<Record<BackingService, number>>;
  /** Starts a service again that has ended, on its port and with its data. */
  restart(service: BackingService): Promise<void>;
  /** Ends all services in good order and resolves once they are gone. May be called twice. */
  stop(): Promise<void>;
}

const starters: Record<BackingService, (options: ServerOptions) => Promise<Server>> = {
  postgres: startPostgres,
  nats: startNats,
  redis: startRedis,
};

/**
 * Starts private Postgres, NATS (JetStream) and Redis on free loopback ports. They ignore Ctrl-C in the terminal, so that their users can drain first:
 * whoever starts them must call `stop()`. If this process dies without it they are ended by the kernel (Linux) or by the next start.
 * Throws if the directory is in use, a program is missing (the message says what to run) or a service does not come up; then nothing is left running.
 */
export async function startBacking(options: BackingOptions): Promise<Backing> {
  const { services = ['postgres', 'nats', 'redis'], log = () => {} } = options;
  const dataDir = resolve(options.dataDir);
  const claim = await claimDirectory(dataDir);
  const running: Partial<Record<BackingService, Server>> = {};
  let stopping: Promise<void> | undefined;

  const start = async (service: BackingService, port?: number) => {
    const server = await starters[service]({
      dataDir: join(dataDir, service),
      port,
      fsync: options.fsync,
      log: (line) => log(`${service}: ${line}`),
    });
    running[service] = server;
    claim.add(server.pid);
    void server.exited.then((exit) => {
      if (!stopping) options.onUnexpectedExit?.(service, exit);
    });
  };
  const stopAll = async () => {
    await Promise.all(Object.values(running).map((server) => server.stop()));
    claim.release();
  };

  // Fetched together where they have to be fetched.
  const tools = findTools(services.flatMap((service) => (service === 'postgres' ? [] : [`${service}-server` as const])), log);
  const started = await Promise.allSettled(
    services.map(async (service) => {
      if (service !== 'postgres') await tools;
      const wanted = options.ports?.[service];
      await start(service, wanted === undefined ? undefined : await freePort(wanted));
    }),
  );
  const failed = started.find((result) => result.status === 'rejected');
  if (failed) {
    stopping = stopAll();
    await stopping;
    throw failed.reason;
  }
  const each = <T>(pick: (server: Server) => T) => Object.fromEntries(Object.entries(running).map(([service, server]) => [service, pick(server)]));
  return {
    databaseUrl: running.postgres?.url ?? '',
    natsUrl: running.nats?.url ?? '',
    redisUrl: running.redis?.url ?? '',
    pids: each((server) => server.pid),
    ports: each((server) => server.port),
    async restart(service) {
      if (stopping) throw new Error('the backing is stopping');
      await start(service, running[service]?.port);
    },
    stop: () => (stopping ??= stopAll()),
  };
}
