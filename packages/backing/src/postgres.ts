import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { startChild } from './child.js';
import { preparePostgresData } from './postgres-data.js';
import { findPostgres } from './postgres-programs.js';
import type { Server, ServerOptions } from './server.js';
import { serverOf, startOnPort } from './server.js';
import { untilReady } from './until-ready.js';
import { unprivilegedAccount } from './unprivileged.js';

/**
 * Starts a Postgres on the loopback interface with an empty database `ohmnibus` that anybody on this machine may use without a password.
 * As root it runs under an unprivileged account, and its data may have to live outside `dataDir`, where that account can reach it (the log says where).
 */
export async function startPostgres(options: ServerOptions): Promise<Server> {
  const account = unprivilegedAccount();
  const programs = await findPostgres(account);
  const data = await preparePostgresData(options.dataDir, programs, account, options.log);
  const { child, port } = await startOnPort(options.port, async (candidate) => {
    const settings = {
      port: candidate,
      listen_addresses: '127.0.0.1',
      unix_socket_directories: '',
      max_connections: 200,
      // Without fsync a commit is still with the operating system before it is answered: it survives the server, not the machine.
      ...(options.fsync === false && { fsync: 'off', full_page_writes: 'off' }),
    };
    const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
    const started = await startChild({
      name: 'postgres',
      command: programs.postgres,
      args: ['-D', data, ...args],
      ...account,
      cwd: '/',
      // SIGINT is Postgres's "fast" shutdown: it does not wait for clients to leave.
      stopSignal: 'SIGINT',
      log: options.log,
    });
    await untilReady(started, () => saysReady(data, started.pid), 60_000);
    return started;
  });
  return serverOf(child, `postgresql://ohmnibus@127.0.0.1:${port}/ohmnibus`, port);
}

/** The eighth line of postmaster.pid holds the server's state; this is what `pg_ctl -w` waits for. */
function saysReady(data: string, pid: number): boolean {
  try {
    const lines = readFileSync(join(data, 'postmaster.pid'), 'utf8').split('\n');
    return lines[0] === String(pid) && lines[7]?.trim() === 'ready';
  } catch {
    return false;
  }
}
