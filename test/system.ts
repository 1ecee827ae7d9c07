import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openTestkit, spawnService, freePort, type RunningService, type Testkit, type TestkitOptions } from '@ohmnibus/testkit';

/** The checkout: these files run from source under jest and built as parts of the benchmark. */
function checkout(from = dirname(fileURLToPath(import.meta.url))): string {
  return existsSync(join(from, 'pnpm-workspace.yaml')) ? from : checkout(dirname(from));
}

const script = (service: string) => join(checkout(), 'services', service, 'dist', 'main.js');

export const apiKey = 'test-key-that-is-long-enough';

export interface SystemOptions extends TestkitOptions {
  /** More settings by process name. */
  readonly env?: Partial<Record<ServiceName, Record<string, string>>>;
  /** The processes to start; all by default. */
  readonly only?: readonly ServiceName[];
}

export type ServiceName = 'session' | 'transaction' | 'command' | 'api' | 'gateway-1' | 'gateway-2';

/** The whole product as real processes: every service once, two gateways, on throwaway Postgres, NATS and Redis. */
export class System {
  private constructor(
    readonly kit: Testkit,
    readonly services: Map<ServiceName, RunningService>,
    /** `ws://127.0.0.1:port/ocpp` of each gateway. */
    readonly ocppUrls: readonly [string, string],
    readonly apiUrl: string,
    private readonly starts: Map<ServiceName, () => Promise<RunningService>>,
  ) {}

  static async start(options: SystemOptions = {}): Promise<System> {
    const kit = await openTestkit(options);
    const apiPort = await freePort();
    const ocppPorts = [await freePort(), await freePort()] as const;
    const common = { NATS_URL: kit.natsUrl, REDIS_URL: kit.redisUrl, DATABASE_URL: kit.databaseUrl, LOG_LEVEL: 'info' };
    const own: Record<ServiceName, Record<string, string>> = {
      session: { ADMISSION_SECRET: 'a secret for tests, long enough to be one' },
      transaction: {},
      command: {},
      api: { API_PORT: String(apiPort), BOOTSTRAP_API_KEY: apiKey },
      'gateway-1': { OCPP_PORT: String(ocppPorts[0]), POD: 'gateway-1' },
      'gateway-2': { OCPP_PORT: String(ocppPorts[1]), POD: 'gateway-2' },
    };
    const starts = new Map<ServiceName, () => Promise<RunningService>>();
    for (const name of Object.keys(own) as ServiceName[]) {
      starts.set(name, async () => {
        const adminPort = await freePort();
        return spawnService(name, {
          script: script(name.replace(/-\d$/, '')),
          env: { ...common, ...own[name], ...options.env?.[name], ADMIN_PORT: String(adminPort) },
          ready: `http://127.0.0.1:${adminPort}/health/ready`,
        });
      });
    }
    const services = new Map<ServiceName, RunningService>();
    const urls = ocppPorts.map((port) => `ws://127.0.0.1:${port}/ocpp`) as [string, string];
    const system = new System(kit, services, urls, `http://127.0.0.1:${apiPort}`, starts);
    try {
      await Promise.all((options.only ?? [...starts.keys()]).map((name) => system.startService(name)));
      return system;
    } catch (error) {
      await system.stop();
      throw error;
    }
  }

  /** Starts a process, or starts it again after it was killed. */
  async startService(name: ServiceName): Promise<RunningService> {
    const service = await this.starts.get(name)!();
    this.services.set(name, service);
    return service;
  }

  service(name: ServiceName): RunningService {
    return this.services.get(name)!;
  }

  /** A request to the REST API as the operator. */
  async rest<T = Record<string, unknown>>(method: string, path: string, body?: unknown): Promise<{ status: number; body: T }> {
    const response = await fetch(`${this.apiUrl}/api/v1${path}`, {
      method,
      headers: { authorization: `Bearer ${apiKey}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, body: (text ? JSON.parse(text) : undefined) as T };
  }

  /** Stops every process in order and takes the backing services down. */
  async stop(): Promise<void> {
    const gateways = [...this.services].filter(([name]) => name.startsWith('gateway')).map(([, service]) => service);
    await Promise.all(gateways.map((service) => service.stop()));
    await Promise.all([...this.services.values()].filter((service) => !gateways.includes(service)).map((service) => service.stop()));
    await this.kit.close();
  }
}
