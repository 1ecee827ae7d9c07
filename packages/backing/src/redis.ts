import { mkdirSync } from 'node:fs';
import { startChild } from './child.js';
import { loopbackDialogue } from './loopback-dialogue.js';
import type { Server, ServerOptions } from './server.js';
import { serverOf, startOnPort } from './server.js';
import { findTools } from './tools.js';
import { untilReady } from './until-ready.js';

/** Starts a redis-server on the loopback interface; what it holds survives a restart (append-only file) and is never evicted. */
export async function startRedis(options: ServerOptions): Promise<Server> {
  const { 'redis-server': tool } = await findTools(['redis-server'], options.log);
  mkdirSync(options.dataDir, { recursive: true });
  const { child, port } = await startOnPort(options.port, async (candidate) => {
    const settings = {
      bind: '127.0.0.1',
      port: String(candidate),
      dir: options.dataDir,
      save: '',
      appendonly: 'yes',
      appendfsync: options.fsync === false ? 'no' : 'everysec',
      'maxmemory-policy': 'noeviction',
    };
    const args = Object.entries(settings).flatMap(([name, value]) => [`--${name}`, value]);
    const started = await startChild({ name: 'redis-server', command: tool.path, args, env: tool.env, log: options.log });
    await untilReady(started, () => loopbackDialogue(candidate, 'PING\r\n', '+PONG'));
    return started;
  });
  return serverOf(child, `redis://127.0.0.1:${port}`, port);
}
