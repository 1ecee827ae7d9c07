import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { processIdentity, startBacking } from '@ohmnibus/backing';
import { eventually } from '@ohmnibus/testkit';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { services } from './services.js';

/** Stands where a service's script stands: answers health checks and the API's PUTs, and writes down its end while Redis is still there. */
const standIn = `
  import { appendFileSync } from 'node:fs';
  import { createServer } from 'node:http';
  import { connect } from 'node:net';
  const { ADMIN_PORT, API_PORT, REDIS_URL, NOTES, MOOD } = process.env;
  const name = process.argv[1].split('/').at(-3) + (process.env.POD ?? '');
  const note = (text) => appendFileSync(NOTES, text + ' ' + name + ' ' + process.pid + '\\n');
  if (MOOD === 'misconfigured' && name === 'command') { console.error('DATABASE_URL is missing'); process.exit(78); }
  // Before it says that it runs: from then on a test may end it.
  const server = REDIS_URL && new URL(REDIS_URL);
  process.on('SIGTERM', () => {
    if (MOOD === 'stubborn' && name === 'session') return;
    if (!server) { note('ended'); process.exit(0); }
    connect(Number(server.port), server.hostname, () => { note('drained'); process.exit(0); }).on('error', () => process.exit(1));
  });
  note('started');
  console.log(JSON.stringify({ level: 'error', msg: 'a bad thing', error: { message: 'in ' + name } }));
  const paths = [];
  for (const port of [ADMIN_PORT, API_PORT].filter(Boolean)) {
    createServer((request, response) => {
      if (request.method === 'PUT') note(request.url + ' ' + request.headers.authorization?.slice(0, 7));
      response.writeHead(MOOD === 'unready' ? 503 : 200).end();
    }).listen(Number(port), '127.0.0.1');
  }
  if (!ADMIN_PORT) setInterval(() => {}, 1000);
`;

let root: string;
let stopAll: (() => void)[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'ohmnibus-start-'));
  chmodSync(root, 0o711);
  stopAll = [];
  for (const script of [...services.map((service) => service.script), 'packages/simulator/bin/ohmnibus-simulator.mjs']) {
    mkdirSync(dirname(join(root, script)), { recursive: true });
    writeFileSync(join(root, script), standIn);
  }
  writeFileSync(join(root, 'package.json'), '{"type":"module"}');
  mkdirSync(join(root, 'prisma/migrations/0001_first'), { recursive: true });
  writeFileSync(join(root, 'prisma/migrations/0001_first/migration.sql'), 'CREATE TABLE things (id int);');
});
afterEach(() => {
  for (const stop of stopAll) stop();
  rmSync(root, { recursive: true, force: true });
});

const built = pathToFileURL(join(process.cwd(), 'packages/launcher/dist/start.js')).href;
const start = (mood = '', urls: NodeJS.ProcessEnv = {}) => {
  const script = `const { start } = await import(${JSON.stringify(built)}); await start(${JSON.stringify(root)});`;
  const { DATABASE_URL: _, NATS_URL: __, REDIS_URL: ___, ...env } = process.env;
  const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...env, ...urls, MOOD: mood, NOTES: join(root, 'notes') },
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (output += data.toString()));
  stopAll.push(() => child.kill('SIGKILL'));
  const exited = once(child, 'exit').then(([code]) => code as number | null);
  return {
    exited,
    output: () => output,
    /** As a terminal does it: to the whole group. */
    signal: (signal: NodeJS.Signals) => process.kill(-(child.pid ?? 0), signal),
    says: (text: string) => eventually(`npm start says "${text}"`, () => output.includes(text) || (child.exitCode !== null && Promise.reject(new Error(output))), { timeoutMs: 40_000 }),
  };
};
const json = (file: string) => JSON.parse(readFileSync(join(root, '.data', file), 'utf8')) as Record<string, string>;
const notes = () => readFileSync(join(root, 'notes'), 'utf8').trim().split('\n').map((line) => line.split(' '));
const livingPids = () => notes().filter(([what]) => what === 'started').map(([, , pid]) => Number(pid)).filter((pid) => processIdentity(pid));

describe('npm start', () => {
  test('brings everything up, ends it from the outside in, and keeps addresses, secrets and data', async () => {
    const first = start();
    await first.says('Ohmnibus is up');
    const endpoints = json('endpoints.json');
    expect(Object.keys(endpoints)).toEqual(['ocppUrl', 'apiUrl', 'dashboardUrl', 'apiKey', 'natsUrl', 'redisUrl', 'databaseUrl']);
    for (const file of ['endpoints.json', 'secrets.json', 'ports.json']) expect(statSync(join(root, '.data', file)).mode & 0o777).toBe(0o600);
    expect(first.output()).toContain(`curl -H 'Authorization: Bearer ${endpoints.apiKey}' ${endpoints.apiUrl}/api/v1/stations`);
    expect(first.output()).toContain('gateway-2: a bad thing (in gatewaygateway-2)');
    await eventually('both fleets of stations run', () => notes().filter(([what, name]) => what === 'started' && name === 'simulator').length === 2);
    expect(notes().filter(([path]) => path?.startsWith('/api/v1/stations/')).length).toBe(5);

    first.signal('SIGINT');
    expect(await first.exited).toBe(0);
    const ends = notes().filter(([what]) => what === 'ended' || what === 'drained').map(([what]) => what);
    expect(ends).toEqual(['ended', 'ended', 'drained', 'drained', 'drained', 'drained', 'drained', 'drained']);
    expect(livingPids()).toEqual([]);
    expect(existsSync(join(root, '.data/endpoints.json'))).toBe(false);
    expect(existsSync(join(root, '.data/owner.json'))).toBe(false);

    const second = start();
    await second.says('Ohmnibus is up');
    expect(json('endpoints.json')).toEqual(endpoints);
    expect(second.output()).not.toContain('applied');
    second.signal('SIGTERM');
    expect(await second.exited).toBe(0);
    expect(livingPids()).toEqual([]);
  });

  test('starts a service again that dies, and says so', async () => {
    const running = start();
    await running.says('Ohmnibus is up');
    const [, , pid] = notes().find(([what, name]) => what === 'started' && name === 'transaction') ?? [];
    process.kill(Number(pid), 'SIGKILL');
    await running.says('transaction ended with SIGKILL; starting it again');
    await eventually('transaction runs again', () => notes().filter(([what, name]) => what === 'started' && name === 'transaction').length === 2);
    running.signal('SIGINT');
    await running.exited;
    expect(livingPids()).toEqual([]);
  });

  test('ends with the reason when a service cannot start, and leaves nothing running', async () => {
    const running = start('misconfigured');
    expect(await running.exited).toBe(1);
    expect(running.output()).toContain('command ended with code 78\n  DATABASE_URL is missing');
    expect(livingPids()).toEqual([]);
    expect(existsSync(join(root, '.data/owner.json'))).toBe(false);
  });

  test('can be stopped while it waits for a service', async () => {
    const running = start('unready');
    await running.says('starting session');
    await eventually('a service runs', () => existsSync(join(root, 'notes')) && livingPids().length > 0);
    running.signal('SIGINT');
    expect(await running.exited).toBe(0);
    expect(livingPids()).toEqual([]);
  });

  test('kills what does not drain at a second Ctrl-C, but takes the doubled signal of npm for one', async () => {
    const running = start('stubborn');
    await running.says('Ohmnibus is up');
    running.signal('SIGINT');
    running.signal('SIGINT');
    await running.says('Ctrl-C again to hurry');
    await eventually('everything but session has drained', () => livingPids().length === 1);
    let over = false;
    void running.exited.then(() => (over = true));
    await eventually('a Ctrl-C after the first second ends session', () => {
      if (livingPids().length > 0 && !over) running.signal('SIGINT');
      return livingPids().length === 0;
    });
    expect(await running.exited).toBe(0);
    expect(livingPids()).toEqual([]);
  });

  test('uses what the environment names and starts only the rest', async () => {
    const theirs = await startBacking({ dataDir: join(root, 'theirs'), services: ['postgres', 'redis'], fsync: false });
    try {
      const running = start('', { DATABASE_URL: theirs.databaseUrl, REDIS_URL: theirs.redisUrl });
      await running.says('Ohmnibus is up');
      expect(json('endpoints.json')).toMatchObject({ databaseUrl: theirs.databaseUrl, redisUrl: theirs.redisUrl });
      expect(existsSync(join(root, '.data/nats'))).toBe(true);
      for (const service of ['postgres', 'redis']) expect(existsSync(join(root, '.data', service))).toBe(false);
      running.signal('SIGINT');
      expect(await running.exited).toBe(0);
      expect(processIdentity(theirs.pids.postgres ?? 0)).toBeDefined();
    } finally {
      await theirs.stop();
    }
  });
});
