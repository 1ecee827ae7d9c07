import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { eventually, freePort, spawnService, serviceStarted, type RunningService } from '@ohmnibus/testkit';
import { nodeOptions as deployedNodeOptions } from '@ohmnibus/runtime';
import pg from 'pg';
import type { LoadClientApi } from '../load-client/load-client-api.js';
import type { Tally } from '../load-client/tally.js';
import type { Processes } from '../measure/process-tree.js';
import type { Remote } from '../process/remote.js';
import type { BenchBacking } from './bench-backing.js';
import { startLoadClient, type Contender } from './contender.js';
import { loggedIds } from './logged-ids.js';
import { seed } from './seed.js';
import { differences } from './stored-facts.js';

export interface ProductOptions {
  readonly stations: number;
  /** Stations have this password, and their gateway asks about each connect. */
  readonly password?: string;
  readonly withCommands?: boolean;
  /** For the node of every service. */
  readonly nodeOptions?: string;
  /** For every service. */
  readonly env?: Readonly<Record<string, string>>;
}

type ServiceName = 'gateway' | 'session' | 'transaction' | 'command';

const admissionSecret = 'the secret of a benchmark, of no use elsewhere';
const settleTimeoutMs = 120_000;

function checkout(from = dirname(fileURLToPath(import.meta.url))): string {
  return existsSync(join(from, 'pnpm-workspace.yaml')) ? from : checkout(dirname(from));
}

/** The product as it is deployed: one process of each service, on a database of its own. */
export class Product implements Contender {
  readonly name = 'Ohmnibus';
  client!: Remote<LoadClientApi>;
  private readonly services = new Map<ServiceName, RunningService>();
  private readonly adminPorts = new Map<ServiceName, number>();
  private readonly database: pg.Pool;

  private constructor(
    private readonly backing: BenchBacking,
    private readonly databaseUrl: string,
  ) {
    this.database = new pg.Pool({ connectionString: databaseUrl, max: 1 });
  }

  static async start(backing: BenchBacking, options: ProductOptions): Promise<Product> {
    const product = new Product(backing, await backing.freshDatabase({ migrated: true }));
    try {
      await product.startAll(options);
      return product;
    } catch (error) {
      await product.stop();
      throw error;
    }
  }

  get processes(): Processes {
    return { ...Object.fromEntries([...this.services].map(([name, { pid }]) => [name, pid])), ...this.backing.processes };
  }

  pid(name: ServiceName): number {
    return this.services.get(name)!.pid;
  }

  /** The message log is written and no event waits for its way to the stream. */
  async settle(): Promise<void> {
    await eventually('the message log and the events of the benchmark are through', async () => (await this.outboxEmpty()) && (await this.exchangesWaiting()) === 0, {
      timeoutMs: settleTimeoutMs,
      // A look at the metrics of a gateway with thousands of sockets costs it a millisecond.
      intervalMs: 50,
    });
  }

  /** No station counts as connected any more. */
  async emptied(): Promise<void> {
    const online = async () => (await this.database.query('SELECT FROM station WHERE online LIMIT 1')).rowCount === 0;
    await eventually('every station of the benchmark is offline', async () => (await this.gauge('gateway', 'ohmnibus_connections')) === 0 && (await online()), {
      timeoutMs: settleTimeoutMs,
      intervalMs: 100,
    });
    await this.settle();
  }

  async problems(tally: Tally): Promise<string[]> {
    return differences(this.database, tally);
  }

  /** Commands stored as accepted, and calls to stations in the message log. */
  async storedCommands(): Promise<{ accepted: number; all: number; logged: number }> {
    const { rows } = await this.database.query<{ accepted: string; all: string }>(`SELECT count(*) FILTER (WHERE state = 'accepted') AS accepted, count(*) AS all FROM command`);
    const { accepted, all } = rows[0]!;
    return { accepted: Number(accepted), all: Number(all), logged: (await loggedIds(this.database, 'to-station')).length };
  }

  async stop(): Promise<void> {
    await this.client?.stop();
    await this.services.get('gateway')?.stop();
    await Promise.all([...this.services].filter(([name]) => name !== 'gateway').map(([, service]) => service.stop()));
    await this.database.end();
  }

  private async startAll({ stations, password, withCommands, nodeOptions, env: more }: ProductOptions): Promise<void> {
    const { natsUrl, redisUrl } = this.backing;
    await this.backing.clearRedis();
    await this.backing.clearStreams();
    await seed(this.database, stations, password === undefined ? undefined : { password, admissionSecret, redisUrl });
    const ocppPort = await freePort();
    const common = { NATS_URL: natsUrl, REDIS_URL: redisUrl, DATABASE_URL: this.databaseUrl, NODE_OPTIONS: [deployedNodeOptions, nodeOptions ?? ''].join(' '), ...more };
    // Remembered admissions would hide what a storm after the loss of a gateway costs.
    const gateway = { OCPP_PORT: String(ocppPort), ...(password !== undefined && { ADMISSION_CACHE_SECONDS: '0' }) };
    const own: Partial<Record<ServiceName, Record<string, string>>> = {
      session: { ADMISSION_SECRET: admissionSecret, ON_BOOT_CONFIGURATION: 'off' },
      transaction: {},
      ...(withCommands && { command: {} }),
      gateway,
    };
    for (const [name, env] of Object.entries(own) as [ServiceName, Record<string, string>][]) {
      const adminPort = await freePort();
      this.adminPorts.set(name, adminPort);
      const service = await spawnService(name, {
        script: join(checkout(), 'services', name, 'dist/main.js'),
        env: { ...common, ...env, ADMIN_PORT: String(adminPort) },
        ready: `http://127.0.0.1:${adminPort}/health/ready`,
        says: serviceStarted,
      });
      this.services.set(name, service);
    }
    this.client = await startLoadClient(ocppPort, password);
  }

  private exchangesWaiting(): Promise<number> {
    return this.gauge('gateway', 'ohmnibus_exchange_bytes_waiting');
  }

  private async outboxEmpty(): Promise<boolean> {
    return (await this.database.query('SELECT FROM outbox LIMIT 1')).rowCount === 0;
  }

  private async gauge(service: ServiceName, name: string): Promise<number> {
    const response = await fetch(`http://127.0.0.1:${this.adminPorts.get(service)}/metrics`);
    const [, value] = new RegExp(`^${name}(?:\\{[^}]*\\})? (\\S+)$`, 'm').exec(await response.text()) ?? [];
    return Number(value);
  }
}
