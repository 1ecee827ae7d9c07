import { afterAll, beforeAll } from '@jest/globals';
import { Bus } from '@ohmnibus/bus';
import { Database } from '@ohmnibus/database';
import { Presence } from '@ohmnibus/presence';
import { createLog, Metrics } from '@ohmnibus/runtime';
import { despiteTakenPorts, freePort, openTestkit, spawnService, serviceStarted, type RunningService, type Testkit } from '@ohmnibus/testkit';
import { createHash } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startService } from './start-service.js';

export const tenant = 'default';
export const filesSecret = 'the secret of links in tests';
export const apiKey = 'the-key-that-tests-begin-with';
/** Of another tenant. */
export const strangersKey = 'the-key-of-somebody-else';

export let kit: Testkit;
/** Of the test, not of the service. */
export let bus: Bus;
export let database: Database;
export let presence: Presence;
export let metrics: Metrics;
export let url: string;
/** Where the service keeps files. */
export let folder: string;

type Other = 'session' | 'transaction' | 'command';

/** The API with all that it needs, and other services as processes of their own, for the tests of one file. */
export function useApi(others: readonly Other[] = [], options: { ownPostgres?: boolean } = {}): void {
  const running: RunningService[] = [];
  let stop: () => Promise<void>;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ohmnibus-files-'));
    kit = await openTestkit(options);
    bus = await Bus.connect({ url: kit.natsUrl, name: 'test' });
    presence = await Presence.connect({ url: kit.redisUrl });
    database = new Database({ url: kit.databaseUrl, name: 'test' });
    metrics = new Metrics('api');
    const starting = startService(
      {
        NATS_URL: kit.natsUrl,
        REDIS_URL: kit.redisUrl,
        DATABASE_URL: kit.databaseUrl,
        DATABASE_POOL_SIZE: 4,
        API_HOST: '127.0.0.1',
        API_PORT: 0,
        API_BODY_LIMIT_KB: 64,
        API_STOP_GRACE_SECONDS: 1,
        BOOTSTRAP_API_KEY: apiKey,
        FILES_SECRET: filesSecret,
        FILES_FOLDER: folder,
        FILES_LIMIT_MB: 1,
        FILES_TRANSFER_MINUTES: 1,
        FILES_LOG_RETENTION_DAYS: 30,
        FILES_S3_REGION: 'nowhere',
      },
      { log: createLog('api', 'silent'), metrics },
    );
    running.push(...(await Promise.all(others.map((name) => despiteTakenPorts(() => launch(name))))));
    ({ url, stop } = await starting);
    await database.prisma.apiKey.create({ data: { hash: createHash('sha256').update(strangersKey).digest('hex'), tenant: 'stranger', name: 'test' } });
  });
  afterAll(async () => {
    await stop();
    await Promise.all(running.map((service) => service.stop()));
    await Promise.all([bus.close(), presence.close(), database.close()]);
    await kit.close();
    await rm(folder, { recursive: true });
  });
}

async function launch(name: Other): Promise<RunningService> {
  const port = await freePort();
  return spawnService(name, {
    script: fileURLToPath(new URL(`../../${name}/dist/main.js`, import.meta.url)),
    env: {
      NATS_URL: kit.natsUrl,
      REDIS_URL: kit.redisUrl,
      DATABASE_URL: kit.databaseUrl,
      ADMIN_PORT: String(port),
      ADMISSION_SECRET: 'a secret for tests, long enough to be one',
      FILES_SECRET: filesSecret,
      FILES_PUBLIC_URL: 'http://files.example.com',
    },
    ready: `http://127.0.0.1:${port}/health/ready`,
    says: serviceStarted,
  });
}

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  /** The JSON of the body; undefined if there is none. */
  readonly body: unknown;
}

export async function raw(path: string, init: RequestInit = {}): Promise<Answer> {
  const response = await fetch(`${url}${path}`, { redirect: 'manual', ...init });
  const text = await response.text();
  return { status: response.status, headers: response.headers, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
}

/** A request with the API key; a body travels as JSON. */
export function api(method: string, path: string, body?: unknown, headers: Record<string, string> = {}): Promise<Answer> {
  return raw(`/api/v1${path}`, {
    method,
    headers: { authorization: `Bearer ${apiKey}`, ...(body !== undefined && { 'content-type': 'application/json' }), ...headers },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
}

interface Listed {
  readonly items: Record<string, unknown>[];
  readonly nextCursor: string | null;
}

/** One list, page by page, as the pages came. */
export async function pages(path: string, limit: number): Promise<Listed['items'][]> {
  const all: Listed['items'][] = [];
  for (let cursor: string | null = ''; cursor !== null; ) {
    const query: string = `${path.includes('?') ? '&' : '?'}limit=${limit}${cursor && `&cursor=${cursor}`}`;
    const { status, body } = await api('GET', `${path}${query}`);
    if (status !== 200) throw new Error(`${status} ${JSON.stringify(body)}`);
    const { items, nextCursor } = body as Listed;
    all.push(items);
    cursor = nextCursor;
  }
  return all;
}

/** The names of a list's items. */
export async function listed(path: string, name = 'id'): Promise<unknown[]> {
  return (await pages(path, 500)).flat().map((item) => item[name]);
}
