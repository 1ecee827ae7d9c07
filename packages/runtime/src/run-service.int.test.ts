import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { eventually, freePort, spawnService, type RunningService } from '@ohmnibus/testkit';

let folder: string;
let script: string;

/** A service as small as can be, whose start and stop do what its environment says. */
const source = (runtime: string) => `
  import { defineConfig, commonSettings, integer, loadConfig, runService } from ${JSON.stringify(runtime)};
  const settings = loadConfig(defineConfig('sample', { ...commonSettings, WAIT_SECONDS: integer(1, 60).describe('how long to wait') }));
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  await runService({
    name: 'sample',
    config: settings,
    stopTimeoutMs: process.env.MOOD === 'stuck' ? 1000 : 30_000,
    start: async () => {
      if (process.env.MOOD === 'fails') throw new Error('no database');
      if (process.env.MOOD === 'slow to start') await pause(60_000);
      if (process.env.MOOD === 'throws later') setTimeout(() => { throw new Error('a defect'); }, 20);
      if (process.env.MOOD === 'rejects later') setTimeout(() => void Promise.reject(new Error('a defect')), 20);
      return {
        checks: { mood: () => { if (process.env.MOOD === 'unready') throw new Error('not in the mood'); } },
        listening: { answer: 42 },
        stop: async () => {
          console.log('draining');
          if (process.env.MOOD === 'fails to stop') throw new Error('cannot let go');
          if (process.env.MOOD === 'stuck') await pause(60_000);
          if (process.env.MOOD === 'told when') await new Promise((resolve) => process.once('SIGUSR2', resolve));
          console.log('drained');
        },
      };
    },
  });`;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'ohmnibus-run-'));
  script = join(folder, 'service.mjs');
  writeFileSync(script, source(join(dirname(fileURLToPath(import.meta.url)), '..', 'dist', 'index.js')));
});
afterAll(() => rmSync(folder, { recursive: true }));

interface Spawned extends RunningService {
  readonly admin: string;
}

async function spawn(mood: string, { wait = true, env = {} }: { wait?: boolean; env?: Record<string, string> } = {}): Promise<Spawned> {
  const port = String(await freePort());
  const admin = `http://127.0.0.1:${port}`;
  const service = await spawnService('sample', {
    script,
    env: { NATS_URL: 'nats://127.0.0.1:1', WAIT_SECONDS: '5', LOG_LEVEL: 'info', MOOD: mood, ADMIN_PORT: port, ...env },
    ...(wait && { ready: `${admin}/health/ready` }),
  });
  return Object.assign(service, { admin });
}

/** The events that a service has logged. */
const events = ({ lines }: RunningService) => lines.flatMap((line) => (line.startsWith('{') ? [(JSON.parse(line) as { msg: string }).msg] : []));

describe('a process', () => {
  test('with a bad environment names every problem and ends with 78 before a port is open', async () => {
    const service = await spawn('good', { wait: false, env: { NATS_URL: 'nonsense', WAIT_SECONDS: '', LOG_LEVEL: 'loud' } });
    expect(await service.exited).toMatchObject({ code: 78 });
    const text = service.lines.join('\n');
    expect(text).toContain('sample cannot start, its configuration has 3 problem(s)');
    for (const name of ['NATS_URL is not valid', 'LOG_LEVEL is not valid', 'WAIT_SECONDS is missing (how long to wait)']) expect(text).toContain(name);
  });

  test('tells when it has started, is ready, and on SIGTERM finishes its work and ends with 0', async () => {
    const service = await spawn('good');
    expect(events(service)).toEqual(['started']);
    expect(service.lines.join()).toContain('"answer":42');
    expect(await service.stop()).toMatchObject({ code: 0 });
    expect(service.lines.filter((line) => !line.startsWith('{'))).toEqual(['draining', 'drained']);
    expect(events(service)).toEqual(['started', 'stopping', 'stopped']);
  });

  test('is not ready any more while it stops, though it lives; a second signal changes nothing', async () => {
    const service = await spawn('told when');
    service.kill('SIGINT');
    await eventually('it stops', () => service.lines.includes('draining'));
    const [ready, live] = await Promise.all([fetch(`${service.admin}/health/ready`), fetch(`${service.admin}/health/live`)]);
    expect([ready.status, live.status]).toEqual([503, 200]);
    service.kill('SIGTERM');
    service.kill('SIGINT');
    service.kill('SIGUSR2');
    expect(await service.exited).toMatchObject({ code: 0, signal: null });
    expect(service.lines.filter((line) => line === 'draining')).toHaveLength(1);
  });

  test('whose start fails ends with 1 and says why', async () => {
    const service = await spawn('fails', { wait: false });
    expect(await service.exited).toMatchObject({ code: 1 });
    expect(events(service)).toEqual(['start-failed']);
    expect(service.lines.join()).toContain('no database');
  });

  test('that is asked to stop while it starts ends with 0', async () => {
    const service = await spawn('slow to start', { wait: false });
    await eventually('it lives', async () => (await fetch(`${service.admin}/health/live`)).ok);
    expect((await fetch(`${service.admin}/health/ready`)).status).toBe(503);
    service.kill('SIGTERM');
    expect(await service.exited).toMatchObject({ code: 0 });
  });

  test.each([
    ['throws later', 'uncaught-exception'],
    ['rejects later', 'unhandled-rejection'],
  ])('that %s ends with 1 and says so', async (mood, event) => {
    const service = await spawn(mood, { wait: false });
    expect(await service.exited).toMatchObject({ code: 1 });
    expect(events(service)).toContain(event);
  });

  test.each([
    ['fails to stop', 'stop-failed'],
    ['stuck', 'stop-timed-out'],
  ])('that %s ends with 1', async (mood, event) => {
    const service = await spawn(mood);
    service.kill('SIGTERM');
    expect(await service.exited).toMatchObject({ code: 1, signal: null });
    expect(events(service)).toContain(event);
  });

  test('whose port of health checks is taken ends with 1', async () => {
    const first = await spawn('good');
    const second = await spawn('good', { wait: false, env: { ADMIN_PORT: new URL(first.admin).port } });
    expect(await second.exited).toMatchObject({ code: 1 });
    await first.stop();
  });

  test('says that it is not ready where a check of its own says so', async () => {
    const service = await spawn('unready', { wait: false });
    const body = await eventually('its checks are asked', async () => {
      const { checks } = (await (await fetch(`${service.admin}/health/ready`)).json()) as { checks: Record<string, string> };
      return checks.mood && checks;
    });
    expect(body).toEqual({ running: 'ok', mood: 'not in the mood' });
    await service.stop();
  });
});
