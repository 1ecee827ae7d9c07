import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import pg from 'pg';
import type { Backing } from './backing.js';
import { startBacking } from './backing.js';
import { loopbackDialogue } from './loopback-dialogue.js';
import { processIdentity } from './process-identity.js';

const built = pathToFileURL(join(process.cwd(), 'packages/backing/dist/index.js')).href;
let dataDir: string;
let backings: Backing[];

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'ohmnibus-backing-'));
  chmodSync(dataDir, 0o711);
  backings = [];
});
afterEach(async () => {
  await Promise.all(backings.map((backing) => backing.stop()));
  rmSync(dataDir, { recursive: true, force: true });
});

const start = async (options: Partial<Parameters<typeof startBacking>[0]> = {}) => {
  const backing = await startBacking({ dataDir, fsync: false, ...options });
  backings.push(backing);
  return backing;
};
const query = async (url: string, text: string) => {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text)).rows;
  } finally {
    await client.end();
  }
};
const gone = async (pid: number, timeoutMs = 10_000) => {
  for (const deadline = Date.now() + timeoutMs; processIdentity(pid) !== undefined; ) {
    if (Date.now() > deadline) throw new Error(`process ${pid} is still there after ${timeoutMs} ms`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
};
/** A process of its own that starts the backing, says so on a line of JSON and then stays. */
const startElsewhere = async () => {
  const script = `
    process.on('SIGINT', () => console.log('"interrupted"'));
    const { startBacking } = await import(${JSON.stringify(built)});
    const { pids, databaseUrl } = await startBacking({ dataDir: ${JSON.stringify(dataDir)}, fsync: false });
    console.log(JSON.stringify({ pids, databaseUrl }));`;
  const owner = spawn(process.execPath, ['--input-type=module', '-e', script], { detached: true, stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: owner.stdout })[Symbol.asyncIterator]();
  const next = async () => JSON.parse((await lines.next()).value as string) as { pids: Required<Backing['pids']>; databaseUrl: string };
  return { owner, next, ...(await next()) };
};

describe('the backing', () => {
  test('serves all three on loopback ports, keeps data and ports between starts, and leaves no process', async () => {
    const first = await start();
    await query(first.databaseUrl, 'CREATE TABLE kept AS SELECT 7 AS n');
    expect(await loopbackDialogue(first.ports.redis ?? 0, 'SET kept 7\r\n', '+OK')).toBe(true);
    expect(await loopbackDialogue(first.ports.nats ?? 0, '', '"jetstream":true')).toBe(true);
    await first.stop();
    expect(Object.values(first.pids).map((pid) => processIdentity(pid))).toEqual([undefined, undefined, undefined]);

    const second = await start({ ports: first.ports });
    expect(second.ports).toEqual(first.ports);
    expect(await query(second.databaseUrl, 'SELECT n FROM kept')).toEqual([{ n: 7 }]);
    expect(await loopbackDialogue(second.ports.redis ?? 0, 'GET kept\r\n', '7')).toBe(true);
    expect(await query(second.databaseUrl, "SELECT upper('ä') AS upper, current_setting('server_encoding') AS encoding")).toEqual([
      { upper: 'Ä', encoding: 'UTF8' },
    ]);
  });

  test('tells when a service ends by itself, brings it back when asked, and stays silent when it is stopped', async () => {
    const ended: string[] = [];
    let report = () => {};
    const reported = new Promise<void>((resolve) => (report = resolve));
    const backing = await start({ services: ['redis', 'nats'], onUnexpectedExit: (service, exit) => (ended.push(`${service} ${exit.signal}`), report()) });
    process.kill(backing.pids.redis ?? 0, 'SIGKILL');
    await reported;
    await backing.restart('redis');
    expect(await loopbackDialogue(backing.ports.redis ?? 0, 'PING\r\n', '+PONG')).toBe(true);
    await backing.stop();
    expect(ended).toEqual(['redis SIGKILL']);
  });

  test('refuses a directory that another one works on', async () => {
    await start({ services: ['redis'] });
    await expect(startBacking({ dataDir, services: ['redis'] })).rejects.toThrow(`is in use by process ${process.pid}`);
  });

  test('ends with an owner that was killed outright, and the next start finds what was committed', async () => {
    const { owner, pids, databaseUrl } = await startElsewhere();
    await query(databaseUrl, 'CREATE TABLE kept AS SELECT 8 AS n');
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    const backing = await start();
    for (const pid of Object.values(pids)) expect(processIdentity(pid)).toBeUndefined();
    expect(await query(backing.databaseUrl, 'SELECT n FROM kept')).toEqual([{ n: 8 }]);
  });

  test('outlives a Ctrl-C that its owner has not yet acted upon', async () => {
    const { owner, next, pids } = await startElsewhere();
    process.kill(-(owner.pid ?? 0), 'SIGINT');
    expect(await next()).toBe('interrupted');
    for (const pid of Object.values(pids)) expect(processIdentity(pid)).toBeDefined();
    owner.kill('SIGTERM');
    if (process.platform === 'linux') await Promise.all(Object.values(pids).map((pid) => gone(pid)));
  });

  const asRoot = process.getuid?.() === 0 ? test : test.skip;
  asRoot('keeps the data of Postgres where its account can reach it, and says where [needs root: only then has Postgres an account of its own]', async () => {
    chmodSync(dataDir, 0o700);
    const lines: string[] = [];
    const backing = await start({ services: ['postgres'], log: (line) => lines.push(line) });
    const moved = /its data is in (\S+)/.exec(lines.join('\n'))?.[1] ?? '';
    expect(await query(backing.databaseUrl, 'SHOW data_directory')).toEqual([{ data_directory: `${moved}/cluster` }]);
    await backing.stop();
    rmSync(moved, { recursive: true });
  });

  test('starts over a lock file that names a living stranger', async () => {
    const first = await start({ services: ['postgres'] });
    const [{ data } = { data: '' }] = (await query(first.databaseUrl, 'SHOW data_directory')).map((row) => ({ data: String(row.data_directory) }));
    const lock = readFileSync(join(data, 'postmaster.pid'), 'utf8');
    await first.stop();
    writeFileSync(join(data, 'postmaster.pid'), lock.replace(/^\d+/, String(process.pid)));
    const second = await start({ services: ['postgres'] });
    expect(await query(second.databaseUrl, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});
