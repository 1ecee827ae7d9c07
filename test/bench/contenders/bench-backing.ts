import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { startBacking, type Backing } from '@ohmnibus/backing';
import { migrate } from '@ohmnibus/migrate';
import { Redis } from 'ioredis';
import { connect } from 'nats';
import pg from 'pg';
import type { Processes } from '../measure/process-tree.js';

/** Postgres, NATS and Redis for one run, as safe as in production: what is committed is on the disk. */
export class BenchBacking {
  private databases = 0;

  private constructor(
    private readonly backing: Backing,
    private readonly folder: string,
  ) {}

  static async start(): Promise<BenchBacking> {
    // Not the folder for temporary files, which may be in memory, where a commit costs nothing.
    const folder = mkdtempSync('/var/tmp/ohmnibus-bench-');
    chmodSync(folder, 0o711);
    try {
      return new BenchBacking(await startBacking({ dataDir: join(folder) }), folder);
    } catch (error) {
      rmSync(folder, { recursive: true, force: true });
      throw error;
    }
  }

  get natsUrl(): string {
    return this.backing.natsUrl;
  }

  get redisUrl(): string {
    return this.backing.redisUrl;
  }

  /** Whose CPU time belongs to a server that uses all of it. */
  get processes(): Processes {
    const { postgres = 0, nats = 0, redis = 0 } = this.backing.pids;
    return { postgres, nats, redis };
  }

  /** An empty database, and an empty Redis. */
  async freshDatabase({ migrated }: { migrated: boolean }): Promise<string> {
    const name = `bench_${++this.databases}`;
    await this.query(this.backing.databaseUrl, `CREATE DATABASE ${name}`);
    const url = new URL(this.backing.databaseUrl);
    url.pathname = `/${name}`;
    if (migrated) await migrate(url.href);
    return url.href;
  }

  /** What an earlier database told must not be taken for a repetition of what the next one tells. */
  async clearStreams(): Promise<void> {
    const connection = await connect({ servers: this.natsUrl });
    const manager = await connection.jetstreamManager();
    for (const { config } of await manager.streams.list().next()) await manager.streams.delete(config.name);
    await connection.close();
  }

  async clearRedis(): Promise<void> {
    const redis = new Redis(this.redisUrl);
    await redis.flushall();
    redis.disconnect();
  }

  /** What the servers say of themselves. */
  async versions(): Promise<string[]> {
    const [row] = await this.query<{ server_version: string }>(this.backing.databaseUrl, 'SHOW server_version');
    const redis = new Redis(this.redisUrl);
    const info = await redis.info('server');
    redis.disconnect();
    return [`Postgres ${row!.server_version.split(' ')[0]}`, `Redis ${/redis_version:(\S+)/.exec(info)?.[1]}`];
  }

  private async query<Row extends pg.QueryResultRow>(url: string, text: string): Promise<Row[]> {
    const client = new pg.Client(url);
    await client.connect();
    try {
      return (await client.query<Row>(text)).rows;
    } finally {
      await client.end();
    }
  }

  async stop(): Promise<void> {
    await this.backing.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
