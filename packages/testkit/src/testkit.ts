import { join } from 'node:path';
import type { BackingService } from '@ohmnibus/backing';
import { startNats, startPostgres, startRedis } from '@ohmnibus/backing';
import { migrate } from '@ohmnibus/migrate';
import { createTestDatabase } from './database.js';
import { FallibleServer } from './fallible-server.js';
import { runPostgresUrl } from './run-postgres.js';
import { temporaryFolder } from './temporary-folder.js';

export interface TestkitOptions {
  /** What the test needs; the address of the rest is empty. Default all three. */
  services?: BackingService[];
  /** Gives the test a Postgres of its own that it may stop (`kit.postgres`), for a second more. Default false: a database on the run's Postgres. */
  ownPostgres?: boolean;
}

/** Real services for one test file, shared with no other: what it publishes or stores is seen by nobody else. */
export interface Testkit {
  /** A freshly migrated, empty database. */
  readonly databaseUrl: string;
  readonly natsUrl: string;
  readonly redisUrl: string;
  /** To take away and give back. `postgres` only with `ownPostgres`; the others if they were asked for. */
  readonly postgres: FallibleServer | undefined;
  readonly nats: FallibleServer | undefined;
  readonly redis: FallibleServer | undefined;
  /** Ends and removes everything. Close your own connections first: the servers cut them. */
  close(): Promise<void>;
}

/** Opens real Postgres, NATS (JetStream) and Redis for a test file. Call it in `beforeAll` and `close()` in `afterAll`. */
export async function openTestkit({ services = ['postgres', 'nats', 'redis'], ownPostgres = false }: TestkitOptions = {}): Promise<Testkit> {
  const folder = await temporaryFolder();
  const closers: (() => Promise<void>)[] = [];
  const close = async () => {
    const closed = await Promise.allSettled(closers.splice(0).map((closer) => closer()));
    folder.remove();
    const failed = closed.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  };
  const own = async (service: BackingService, start: Parameters<typeof FallibleServer.start>[0]) => {
    const server = await FallibleServer.start(start, join(folder.path, service), folder);
    closers.push(() => server.stop());
    return server;
  };
  const database = async () => {
    if (ownPostgres) {
      const server = await own('postgres', startPostgres);
      await migrate(server.url);
      return { server, url: server.url };
    }
    const created = await createTestDatabase(await runPostgresUrl());
    closers.push(() => created.drop());
    return { server: undefined, url: created.url };
  };

  const opened = await Promise.allSettled([
    services.includes('postgres') ? database() : Promise.resolve(undefined),
    services.includes('nats') ? own('nats', startNats) : Promise.resolve(undefined),
    services.includes('redis') ? own('redis', startRedis) : Promise.resolve(undefined),
  ] as const);
  const failed = opened.find((result) => result.status === 'rejected');
  if (failed) {
    await close();
    throw failed.reason;
  }
  const [postgres, nats, redis] = opened.map((result) => (result as PromiseFulfilledResult<unknown>).value) as [
    Awaited<ReturnType<typeof database>> | undefined,
    FallibleServer | undefined,
    FallibleServer | undefined,
  ];
  return {
    databaseUrl: postgres?.url ?? '',
    natsUrl: nats?.url ?? '',
    redisUrl: redis?.url ?? '',
    postgres: postgres?.server,
    nats,
    redis,
    close,
  };
}
