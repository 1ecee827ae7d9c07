import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { despiteTakenPorts, eventually, freePort, TestAuthority, type KeyedCertificate } from '@ohmnibus/testkit';
import { Operator } from '../operator.js';
import { System } from '../system.js';
import { Nginx } from './nginx.js';

/** Stations come from here if they come past the proxy: an address of this machine that is no trusted proxy. */
export const stranger = '127.0.0.2';

/** A line of the gateway's log. */
export interface Refused {
  readonly level: string;
  readonly status: number;
  readonly reason: string;
  readonly remoteAddress: string;
}

/** The product with its own TLS, behind a real nginx, and authorities that both believe. Every key is made anew. */
export class SecureSystem {
  private readonly seen = new Map<string, number>();

  private constructor(
    readonly system: System,
    readonly operator: Operator,
    readonly nginx: Nginx,
    /** Who has signed the servers' certificates. */
    readonly servers: TestAuthority,
    /** Who signs those of stations. */
    readonly stations: TestAuthority,
    /** Of gateway-1's own TLS, with an ECDSA certificate. */
    readonly tlsPort: number,
    private readonly folder: string,
  ) {}

  static start(): Promise<SecureSystem> {
    return despiteTakenPorts(() => SecureSystem.launch());
  }

  private static async launch(): Promise<SecureSystem> {
    const folder = mkdtempSync(join(tmpdir(), 'ohmnibus-secure-'));
    const [servers, stations] = await Promise.all([TestAuthority.create('Root of servers'), TestAuthority.create('Root of stations', 'rsa')]);
    const server = (key: 'ecdsa' | 'rsa'): Promise<KeyedCertificate> => servers.issue({ commonName: key, use: 'server', key });
    const [ecdsa, rsa] = await Promise.all([server('ecdsa'), server('rsa')]);
    const files = { certificate: join(folder, 'gateway.pem'), key: join(folder, 'gateway.key'), authorities: join(folder, 'authorities.pem') };
    writeFileSync(files.certificate, ecdsa.certificate);
    writeFileSync(files.key, ecdsa.key);
    writeFileSync(files.authorities, stations.certificate);
    const tlsPort = await freePort();
    const system = await System.start({
      only: ['session', 'transaction', 'command', 'api', 'gateway-1'],
      env: {
        session: { STATION_CA_FILE: files.authorities, STATION_CERTIFICATE_ORGANIZATION: 'Voltwerk' },
        'gateway-1': { TRUSTED_PROXIES: '127.0.0.1', TLS_PORT: String(tlsPort), TLS_CERTIFICATE_FILE: files.certificate, TLS_KEY_FILE: files.key },
      },
    });
    const gatewayPort = Number(new URL(system.ocppUrl('gateway-1')).port);
    const starting = Nginx.start(folder, gatewayPort, {
      'ecdsa.pem': ecdsa.certificate,
      'ecdsa.key': ecdsa.key,
      'rsa.pem': rsa.certificate,
      'rsa.key': rsa.key,
      'station-authorities.pem': stations.certificate,
    });
    const nginx = await starting.catch(async (error: unknown) => {
      await system.stop();
      throw error;
    });
    return new SecureSystem(system, await Operator.of(system), nginx, servers, stations, tlsPort, folder);
  }

  /** Where stations connect through nginx. */
  get proxyUrl(): string {
    return `wss://127.0.0.1:${this.nginx.port}/ocpp`;
  }

  /** Where they connect to the gateway over TLS. */
  get tlsUrl(): string {
    return `wss://127.0.0.1:${this.tlsPort}/ocpp`;
  }

  get plainUrl(): string {
    return this.system.ocppUrl('gateway-1');
  }

  /** What the gateway logs of the next handshake that it refuses for a station: each is told of once, in order. */
  async refusal(station: string): Promise<Refused> {
    const seen = this.seen.get(station) ?? 0;
    const next = await eventually(`the gateway logs why ${station} is refused`, () => this.refusals(station)[seen]);
    this.seen.set(station, seen + 1);
    return next;
  }

  private refusals(station: string): Refused[] {
    return this.system
      .service('gateway-1')
      .lines.filter((line) => line.includes('"msg":"handshake-refused"'))
      .map((line) => JSON.parse(line) as Refused & { path: string })
      .filter(({ path }) => path.endsWith(`/${station}`));
  }

  async stop(): Promise<void> {
    await this.nginx.stop();
    await this.operator.close();
    await this.system.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }
}
