import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { despiteTakenPorts, freePort, openTestkit, spawnService, serviceStarted, type RunningService, type Testkit, type TestkitOptions } from '@ohmnibus/testkit';
import { checkout } from './checkout.js';
import { TcpProxy } from './tcp-proxy.js';

const script = (service: string) => join(checkout(), 'services', service, 'dist', 'main.js');

export const apiKey = 'test-key-that-is-long-enough';

export interface SystemOptions extends TestkitOptions {
  /** More settings by process name. */
  readonly env?: Partial<Record<ServiceName, Record<string, string>>>;
  /** The processes to start; by default one of each service and two gateways. */
  readonly only?: readonly ServiceName[];
  /** Wires that the test wants to hold: the process reaches that server through a proxy, see {@link System.wire}. */
  readonly wires?: readonly Wire[];
}

export const serviceNames = ['session', 'transaction', 'command', 'api', 'gateway-1', 'gateway-2', 'transaction-2'] as const;
export type ServiceName = (typeof serviceNames)[number];
export type GatewayName = 'gateway-1' | 'gateway-2';
type BackingUrl = 'NATS_URL' | 'REDIS_URL' | 'DATABASE_URL';
export type Wire = `${ServiceName} ${BackingUrl}`;

/** What runs unless a test says otherwise. */
export const wholeSystem: readonly ServiceName[] = serviceNames.filter((name) => name !== 'transaction-2');

/** The whole product as real processes: every service once, two gateways, on throwaway Postgres, NATS and Redis. */
export class System {
  private constructor(
    readonly kit: Testkit,
    readonly services: Map<ServiceName, RunningService>,
    /** `ws://127.0.0.1:port/ocpp` of each gateway. */
    readonly ocppUrls: readonly [string, string],
    readonly apiUrl: string,
    private readonly starts: Map<ServiceName, () => Promise<RunningService>>,
    private readonly adminUrls: Map<ServiceName, string>,
    private readonly proxies: Map<string, TcpProxy>,
    /** Where firmware and logs are kept. */
    readonly filesFolder: string,
  ) {}

  static start(options: SystemOptions = {}): Promise<System> {
    return despiteTakenPorts(() => System.launch(options));
  }

  private static async launch(options: SystemOptions): Promise<System> {
    const kit = await openTestkit(options);
    const apiPort = await freePort();
    const ocppPorts = [await freePort(), await freePort()] as const;
    const common = { NATS_URL: kit.natsUrl, REDIS_URL: kit.redisUrl, DATABASE_URL: kit.databaseUrl, LOG_LEVEL: 'info' };
    const folder = mkdtempSync(join(tmpdir(), 'ohmnibus-files-'));
    const files = { FILES_SECRET: 'a secret for links, long enough to be one' };
    const own: Record<ServiceName, Record<string, string>> = {
      // Stations of tests answer what their test expects, and nothing that we ask by ourselves.
      session: { ADMISSION_SECRET: 'a secret for tests, long enough to be one', CERTIFICATE_AUTHORITY_SECRET: 'another secret for tests, as long', ON_BOOT_CONFIGURATION: 'off' },
      transaction: {},
      'transaction-2': {},
      command: { ...files, FILES_PUBLIC_URL: `http://127.0.0.1:${apiPort}` },
      api: { ...files, FILES_FOLDER: folder, API_PORT: String(apiPort), BOOTSTRAP_API_KEY: apiKey },
      'gateway-1': { OCPP_PORT: String(ocppPorts[0]), POD: 'gateway-1' },
      'gateway-2': { OCPP_PORT: String(ocppPorts[1]), POD: 'gateway-2' },
    };
    const proxies = new Map<string, TcpProxy>();
    for (const wire of options.wires ?? []) {
      const [name, setting] = wire.split(' ') as [ServiceName, BackingUrl];
      const proxy = await TcpProxy.to(common[setting]);
      proxies.set(wire, proxy);
      own[name][setting] = proxy.through(common[setting]);
    }
    const starts = new Map<ServiceName, () => Promise<RunningService>>();
    const adminUrls = new Map<ServiceName, string>();
    for (const name of serviceNames) {
      starts.set(name, async () => {
        const adminPort = await freePort();
        adminUrls.set(name, `http://127.0.0.1:${adminPort}`);
        return spawnService(name, {
          script: script(name.replace(/-\d$/, '')),
          env: { ...common, ...own[name], ...options.env?.[name], ADMIN_PORT: String(adminPort) },
          ready: `http://127.0.0.1:${adminPort}/health/ready`,
          says: serviceStarted,
        });
      });
    }
    const services = new Map<ServiceName, RunningService>();
    const urls = ocppPorts.map((port) => `ws://127.0.0.1:${port}/ocpp`) as [string, string];
    const system = new System(kit, services, urls, `http://127.0.0.1:${apiPort}`, starts, adminUrls, proxies, folder);
    const started = await Promise.allSettled((options.only ?? wholeSystem).map((name) => system.startService(name)));
    const failed = started.find((outcome) => outcome.status === 'rejected');
    if (!failed) return system;
    await system.stop();
    throw failed.reason;
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

  /** The wire between a process and a server; it must have been asked for at the start. */
  wire(wire: Wire): TcpProxy {
    const proxy = this.proxies.get(wire);
    if (!proxy) throw new Error(`the system was started without the wire "${wire}"`);
    return proxy;
  }

  /** Where a gateway takes stations. */
  ocppUrl(gateway: GatewayName): string {
    return this.ocppUrls[gateway === 'gateway-1' ? 0 : 1];
  }

  /** The gateways that have been started, by the name under which this incarnation of each owns stations. */
  pods(): Map<string, GatewayName> {
    const pods = new Map<string, GatewayName>();
    for (const name of ['gateway-1', 'gateway-2'] as const) {
      const started = this.services.get(name)?.lines.find((line) => line.includes(serviceStarted));
      if (started) pods.set((JSON.parse(started) as { pod: string }).pod, name);
    }
    return pods;
  }

  /** One number of a process's metrics, summed over its labels; the name without its prefix. */
  async metric(service: ServiceName, name: string): Promise<number> {
    const response = await fetch(`${this.adminUrls.get(service)}/metrics`, { signal: AbortSignal.timeout(5_000) });
    const lines = (await response.text()).split('\n').filter((line) => new RegExp(`^ohmnibus_${name}[ {]`).test(line));
    if (lines.length === 0) throw new Error(`${service} has no metric ${name}`);
    return lines.reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' '))), 0);
  }

  /** Log lines that tell of a defect: of level error or above, or no log line at all (an uncaught exception). */
  defects(): string[] {
    return [...this.services.values()].flatMap(({ name, lines }) => lines.filter(isDefect).map((line) => `${name}: ${line}`));
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
    await Promise.all(gateways.map(stopService));
    await Promise.all([...this.services.values()].filter((service) => !gateways.includes(service)).map(stopService));
    await Promise.all([...this.proxies.values()].map((proxy) => proxy.close()));
    await this.kit.close();
    rmSync(this.filesFolder, { recursive: true, force: true });
    this.keepLogs();
  }

  /** With TEST_LOGS set to a folder, what each process wrote can be read there. */
  private keepLogs(): void {
    const folder = process.env['TEST_LOGS'];
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    for (const { name, pid, lines } of this.services.values()) writeFileSync(join(folder, `${name}-${pid}.log`), lines.join('\n'));
  }
}

/** One that had failed is why a test did: its last lines are shown. */
async function stopService(service: RunningService): Promise<void> {
  const { code } = await service.stop();
  if (code === 1) process.stderr.write(`${[`${service.name} had ended with code 1:`, ...service.lines.slice(-5)].join('\n  ')}\n`);
}

function isDefect(line: string): boolean {
  if (!line.startsWith('{')) return true;
  const { level } = JSON.parse(line) as { level: string };
  return level === 'error' || level === 'fatal';
}
