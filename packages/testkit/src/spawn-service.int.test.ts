import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { freePort } from '@ohmnibus/backing';
import { spawnService } from './spawn-service.js';

let folder: string;
let script: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ohmnibus-spawn-'));
  script = join(folder, 'service.mjs');
  writeFileSync(
    script,
    `import { createServer } from 'node:http';
    console.log('starting');
    if (process.env.MOOD === 'broken') { console.error('no database'); process.exit(78); }
    process.on('SIGTERM', () => { if (process.env.MOOD !== 'stubborn') { console.log('draining'); process.exit(3); } });
    let asked = 0;
    createServer((_, response) => response.writeHead(++asked > 2 ? 200 : 503).end()).listen(Number(process.env.PORT), '127.0.0.1');`,
  );
});
afterAll(() => rmSync(folder, { recursive: true }));

const spawn = async (mood: string) => {
  const port = await freePort();
  return spawnService('echo', { script, env: { PORT: String(port), MOOD: mood }, ready: `http://127.0.0.1:${port}/health/ready` });
};

describe('spawnService', () => {
  test('waits until the service is ready, collects its lines and stops it with SIGTERM', async () => {
    const service = await spawn('good');
    expect(service.lines).toEqual(['starting']);
    expect(await service.stop()).toMatchObject({ code: 3, signal: null });
    expect(service.lines).toEqual(['starting', 'draining']);
    expect(await service.exited).toMatchObject({ code: 3 });
  });

  test('is not taken in by somebody else who answers where the service wanted to', async () => {
    const other = createServer((_, response) => response.end()).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    const options = { script, env: { PORT: String(port), MOOD: 'good' }, ready: `http://127.0.0.1:${port}/health/ready` };
    await expect(spawnService('echo', { ...options, says: 'started' })).rejects.toThrow('EADDRINUSE');
    other.close();
  });

  test('fails with the last lines of a service that ends before it is ready', async () => {
    await expect(spawn('broken')).rejects.toThrow('echo ended with code 78\n  starting\n  no database');
  });

  test('fails, having killed it, when a service does not end in time', async () => {
    const service = await spawn('stubborn');
    await expect(service.stop(200)).rejects.toThrow('echo did not end within 200 ms of SIGTERM');
    expect(await service.exited).toMatchObject({ signal: 'SIGKILL' });
  });

  test('passes signals on', async () => {
    const service = await spawn('good');
    service.kill('SIGKILL');
    expect(await service.exited).toMatchObject({ code: null, signal: 'SIGKILL' });
  });
});
