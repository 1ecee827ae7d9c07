import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { findTools, startChild, type Child } from '@ohmnibus/backing';
import { eventually, freePort } from '@ohmnibus/testkit';
import { checkout } from '../checkout.js';

/** What the snippet of docs/security.md names, and what a test has in its place. */
export interface NginxFiles {
  readonly 'ecdsa.pem': string;
  readonly 'ecdsa.key': string;
  readonly 'rsa.pem': string;
  readonly 'rsa.key': string;
  readonly 'station-authorities.pem': string;
}

/** A real nginx with the configuration that docs/security.md shows to operators. */
export class Nginx {
  private constructor(
    readonly port: number,
    private readonly child: Child,
    private readonly errorLog: string,
  ) {}

  /** @param gatewayPort where the gateway takes stations without TLS */
  static async start(folder: string, gatewayPort: number, files: NginxFiles): Promise<Nginx> {
    const { nginx } = await findTools(['nginx']);
    const port = await freePort();
    mkdirSync(join(folder, 'temp'), { recursive: true });
    for (const [name, content] of Object.entries(files)) writeFileSync(join(folder, name), content as string, { mode: 0o600 });
    const conf = join(folder, 'nginx.conf');
    writeFileSync(conf, configuration(folder, port, gatewayPort));
    const errorLog = join(folder, 'ocpp-error.log');
    const child = await startChild({ name: 'nginx', command: nginx.path, args: ['-p', folder, '-c', conf, '-e', join(folder, 'error.log')], env: nginx.env, stopSignal: 'SIGQUIT' });
    await eventually('nginx listens', async () => child.exit !== undefined || (await answers(port)));
    if (child.exit) throw new Error(['nginx ended', ...child.lastLines(), readFileSync(join(folder, 'error.log'), 'utf8')].join('\n'));
    return new Nginx(port, child, errorLog);
  }

  /** Lines that tell why connections failed. */
  errors(): string[] {
    return readFileSync(this.errorLog, 'utf8').split('\n');
  }

  async stop(): Promise<void> {
    await this.child.stop();
  }
}

function configuration(folder: string, port: number, gatewayPort: number): string {
  const [, snippet] = /```nginx\n([\s\S]+?)```/.exec(readFileSync(join(checkout(), 'docs/security.md'), 'utf8')) ?? [];
  if (!snippet) throw new Error('docs/security.md shows no configuration of nginx');
  const server = snippet
    .replaceAll('/etc/nginx/ocpp/', `${folder}/`)
    .replaceAll('/var/log/nginx/', `${folder}/`)
    .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
    .replace('127.0.0.1:9210', `127.0.0.1:${gatewayPort}`);
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((name) => `${name}_temp_path ${folder}/temp/${name};`).join(' ');
  // Its workers would run as somebody whom this system may not have.
  const user = process.getuid?.() === 0 ? 'user root root;' : '';
  return `daemon off; ${user} worker_processes 1; pid ${folder}/nginx.pid;
error_log ${folder}/error.log info;
events { worker_connections 256; }
http { access_log off; ${temporary}
${server}
}
`;
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });
}
