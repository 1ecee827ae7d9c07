import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChild } from './child.js';
import { loopbackDialogue } from './loopback-dialogue.js';
import type { Server, ServerOptions } from './server.js';
import { serverOf, startOnPort } from './server.js';
import { findTools } from './tools.js';
import { untilReady } from './until-ready.js';

/** Starts a nats-server with JetStream on the loopback interface. */
export async function startNats(options: ServerOptions): Promise<Server> {
  const { 'nats-server': tool } = await findTools(['nats-server'], options.log);
  mkdirSync(options.dataDir, { recursive: true });
  // The server acknowledges before it syncs to the disk unless told otherwise, and can be told since 2.10.
  const syncs = options.fsync !== false && canSyncAlways(tool.path);
  const { child, port } = await startOnPort(options.port, async (candidate) => {
    const file = join(options.dataDir, 'nats.conf');
    const jetstream = [`store_dir: ${JSON.stringify(options.dataDir)}`, ...(syncs ? ['sync_interval: always'] : [])].join(', ');
    writeFileSync(file, `listen: "127.0.0.1:${candidate}"\njetstream { ${jetstream} }\n`);
    const started = await startChild({ name: 'nats-server', command: tool.path, args: ['-c', file], env: tool.env, log: options.log });
    await untilReady(started, () => loopbackDialogue(candidate, '', 'INFO'));
    return started;
  });
  return serverOf(child, `nats://127.0.0.1:${port}`, port);
}

function canSyncAlways(program: string): boolean {
  const [, major = 0, minor = 0] = /v(\d+)\.(\d+)/.exec(execFileSync(program, ['--version'], { encoding: 'utf8' })) ?? [];
  return Number(major) > 2 || (Number(major) === 2 && Number(minor) >= 10);
}
