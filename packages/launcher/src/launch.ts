import { nodeOptions } from '@ohmnibus/runtime';
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import { join, relative } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Backing, BackingService } from '@ohmnibus/backing';
import { describeExit, startBacking } from '@ohmnibus/backing';
import { migrate } from '@ohmnibus/migrate';
import type { DemoFleet } from './demo-stations.js';
import { demoFleets, registerDemo, simulatorProcess } from './demo-stations.js';
import { RememberedPorts } from './remembered-ports.js';
import { loadSecrets } from './secrets.js';
import type { ServiceLog } from './service-log.js';
import { openServiceLog } from './service-log.js';
import type { ServiceSpec, Surroundings } from './services.js';
import { services as allServices } from './services.js';
import type { Supervised, SuperviseOptions } from './supervise.js';
import { supervise } from './supervise.js';
import { writePrivately } from './write-privately.js';

export interface LaunchOptions {
  /** The root of the checkout. */
  root: string;
  /** Where all data is kept. */
  dataDir: string;
  services?: ServiceSpec[];
  fleets?: DemoFleet[];
  /** Told, for people, what goes on. */
  say: (line: string) => void;
}

/** Where to look; the content of `endpoints.json`. */
export interface Endpoints {
  /** A station appends its identity. */
  ocppUrl: string;
  apiUrl: string;
  dashboardUrl: string;
  apiKey: string;
  natsUrl: string;
  redisUrl: string;
  databaseUrl: string;
}

/** Everything that runs, from the backing up to the simulated stations. */
export class Launch {
  endpoints: Endpoints | undefined;
  private readonly ports: RememberedPorts;
  private readonly running: Supervised[] = [];
  private readonly stations: Supervised[] = [];
  private readonly logs: ServiceLog[] = [];
  private backing: Backing | undefined;
  private starting: Promise<Endpoints> | undefined;
  private stopping: Promise<void> | undefined;

  constructor(private readonly options: LaunchOptions) {
    mkdirSync(options.dataDir, { recursive: true });
    // Open enough for the account that runs Postgres to pass through; what is secret has a mode of its own.
    chmodSync(options.dataDir, 0o711);
    this.ports = new RememberedPorts(join(options.dataDir, 'ports.json'));
  }

  /** Starts everything and writes `endpoints.json`. Throws if something does not start or `stop()` comes in between; call `stop()` then too. */
  start(): Promise<Endpoints> {
    this.starting ??= this.startAll();
    return this.starting;
  }

  private async startAll(): Promise<Endpoints> {
    const { dataDir, say, services = allServices, fleets = demoFleets } = this.options;
    const secrets = loadSecrets(join(dataDir, 'secrets.json'));
    rmSync(join(dataDir, 'endpoints.json'), { force: true });
    say('starting Postgres, NATS and Redis');
    const backing = await this.startBacking();
    const around: Surroundings = { ...backing, apiUrl: await this.apiUrl(services), filesFolder: join(dataDir, 'files'), secrets };
    const { applied } = await migrate(around.databaseUrl, { dir: join(this.options.root, 'prisma/migrations') });
    if (applied.length > 0) say(`applied ${applied.length} migrations`);
    this.goOn();

    say(`starting ${services.map(({ name }) => name).join(', ')}`);
    const urls = new Map<string, string>();
    for (const spec of services) await this.startService(spec, around, urls);
    for (const service of this.running) await service.ready;
    this.goOn();

    const { databaseUrl, natsUrl, redisUrl } = around;
    const apiUrl = urls.get('API_PORT') ?? '';
    const ocppUrl = `${(urls.get('OCPP_PORT') ?? '').replace('http', 'ws')}/ocpp`;
    this.endpoints = { ocppUrl, apiUrl, dashboardUrl: `${apiUrl}/`, apiKey: secrets.apiKey, natsUrl, redisUrl, databaseUrl };
    writePrivately(join(dataDir, 'endpoints.json'), this.endpoints);
    await this.startStations(fleets, urls, secrets.stationPassword);
    return this.endpoints;
  }

  /** Ends everything from the outside in: stations, services (they drain), backing. May be called twice. */
  stop(): Promise<void> {
    this.stopping ??= this.stopAll();
    return this.stopping;
  }

  /** Ends the services at once while `stop()` waits for them. */
  hurry(): void {
    for (const process of [...this.stations, ...this.running]) process.kill();
  }

  private async stopAll(): Promise<void> {
    rmSync(join(this.options.dataDir, 'endpoints.json'), { force: true });
    await Promise.all(this.stations.map((fleet) => fleet.stop()));
    await Promise.all(this.running.map((service) => service.stop()));
    // A start under way gives up as soon as it notices; until then it may still bring something up.
    await this.starting?.catch(() => {});
    await this.backing?.stop();
    await Promise.all(this.logs.map((log) => log.close()));
  }

  private goOn(): void {
    if (this.stopping) throw new Error('stopped while starting');
  }

  private async startBacking(): Promise<Pick<Surroundings, 'databaseUrl' | 'natsUrl' | 'redisUrl'>> {
    const { dataDir, say } = this.options;
    const given = { postgres: process.env.DATABASE_URL, nats: process.env.NATS_URL, redis: process.env.REDIS_URL };
    const own = (['postgres', 'nats', 'redis'] as const).filter((service) => !given[service]);
    const log = this.openLog('backing', () => {});
    this.backing = await startBacking({
      dataDir,
      services: own,
      ports: Object.fromEntries(own.map((service) => [service, this.ports.last(service)])),
      log(line) {
        log.write(JSON.stringify({ level: 'info', time: new Date().toISOString(), msg: line }));
        // What is said about fetching programs or places of data is for people; the servers' own chatter is not.
        if (/fetching|installing|its data is in/.test(line)) say(line);
      },
      onUnexpectedExit: (service, exit) => {
        say(describeExit(service, exit));
        void this.bringBack(service);
      },
    });
    for (const service of own) this.ports.keep(service, this.backing.ports[service] ?? 0);
    return {
      databaseUrl: given.postgres || this.backing.databaseUrl,
      natsUrl: given.nats || this.backing.natsUrl,
      redisUrl: given.redis || this.backing.redisUrl,
    };
  }

  private async bringBack(service: BackingService): Promise<void> {
    for (let pauseMs = 500; !this.stopping; pauseMs = Math.min(pauseMs * 2, 10_000)) {
      await delay(pauseMs);
      try {
        await this.backing?.restart(service);
        return this.options.say(`${service} is back`);
      } catch (error) {
        if (!this.stopping) this.options.say(`${service} does not come back: ${error instanceof Error ? error.message : String(error)}`);
      }
    }
  }

  /** Others have to know it before it starts; a port once taken is taken again under the same name. */
  private async apiUrl(services: readonly ServiceSpec[]): Promise<string> {
    const api = services.find(({ ports }) => ports?.includes('API_PORT'));
    return api ? `http://127.0.0.1:${await this.ports.take(`${api.name}.API_PORT`)}` : '';
  }

  private async startService(spec: ServiceSpec, around: Surroundings, urls: Map<string, string>): Promise<void> {
    const { natsUrl, redisUrl } = around;
    const env: Record<string, string> = {
      NATS_URL: natsUrl,
      REDIS_URL: redisUrl,
      LOG_LEVEL: process.env.LOG_LEVEL ?? 'info',
      ADMIN_HOST: '127.0.0.1',
      NODE_OPTIONS: [nodeOptions, process.env.NODE_OPTIONS ?? ''].join(' ').trim(),
      ...spec.env?.(around),
    };
    for (const variable of ['ADMIN_PORT', ...(spec.ports ?? [])]) {
      const port = await this.ports.take(`${spec.name}.${variable}`);
      env[variable] = String(port);
      const url = `http://127.0.0.1:${port}`;
      urls.set(`${spec.name}.${variable}`, url);
      // The first of several stands for all of them.
      if (!urls.has(variable)) urls.set(variable, url);
    }
    const script = join(this.options.root, spec.script);
    this.running.push(this.supervise({ name: spec.name, script, env, readyUrl: `http://127.0.0.1:${env.ADMIN_PORT}/health/ready` }));
  }

  private async startStations(fleets: DemoFleet[], urls: Map<string, string>, password: string): Promise<void> {
    if (fleets.length === 0 || !this.endpoints) return;
    const { root, dataDir, say } = this.options;
    try {
      await registerDemo(fleets, this.endpoints.apiUrl, this.endpoints.apiKey, password);
    } catch (error) {
      say(`the simulated stations stay away: ${error instanceof Error ? error.message : String(error)}`);
      return;
    }
    this.goOn();
    for (const fleet of fleets) {
      const url = `${(urls.get(`${fleet.gateway}.OCPP_PORT`) ?? '').replace('http', 'ws')}/ocpp`;
      this.stations.push(this.supervise(simulatorProcess(root, dataDir, fleet, url, password)));
    }
    say(`connecting ${fleets.reduce((sum, { count }) => sum + count, 0)} simulated stations`);
  }

  private supervise(process: Omit<SuperviseOptions, 'log' | 'say'>): Supervised {
    const log = this.openLog(process.name, this.options.say);
    return supervise({ ...process, log: log.write, say: this.options.say });
  }

  private openLog(name: string, say: (line: string) => void): ServiceLog {
    const log = openServiceLog(name, join(this.options.dataDir, 'logs', `${name}.log`), say);
    this.logs.push(log);
    return log;
  }

  /** What to tell people once everything runs. */
  describe(): string {
    if (!this.endpoints) return '';
    const { ocppUrl, apiUrl, apiKey } = this.endpoints;
    const data = relative(process.cwd(), this.options.dataDir) || '.';
    return [
      '',
      'Ohmnibus is up.',
      '',
      `  REST        ${apiUrl}/api/v1, described at ${apiUrl}/api/openapi.json`,
      `  stations    ${ocppUrl}/<station>`,
      `  addresses   ${data}/endpoints.json (with the API key)`,
      `  logs        ${data}/logs/`,
      '',
      '  Try it:',
      `    curl -H 'Authorization: Bearer ${apiKey}' ${apiUrl}/api/v1/stations`,
      '',
      `Ctrl-C ends everything; the data stays in ${data}.`,
    ].join('\n');
  }
}
