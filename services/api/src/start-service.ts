import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { Bus } from '@ohmnibus/bus';
import { Database } from '@ohmnibus/database';
import { Fault, systemClock } from '@ohmnibus/domain';
import { linksPath } from '@ohmnibus/files';
import { Presence } from '@ohmnibus/presence';
import { Repeat, type RunningParts, type ServiceContext } from '@ohmnibus/runtime';
import type { Request, Response } from 'express';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { AppModule } from './app.module.js';
import { filePartsOf, type FileSettings } from './files/file-parts.js';
import { KeepFiles } from './files/keep-files.js';
import { noFiles, StationFiles } from './files/station-files.js';
import { StoredFiles } from './files/stored-files.js';
import { ApiKeyGuard } from './http/api-key-guard.js';
import { ApiKeys } from './http/api-keys.js';
import { observeRequests } from './http/observe-requests.js';
import { openApiDocument } from './http/openapi.js';
import { ProblemFilter, sendProblem } from './http/problem-filter.js';
import { problemOf } from './http/problem.js';
import { version } from './version.js';

export interface ApiSettings extends FileSettings {
  readonly NATS_URL: string;
  readonly REDIS_URL: string;
  readonly DATABASE_URL: string;
  readonly DATABASE_POOL_SIZE: number;
  readonly API_HOST: string;
  readonly API_PORT: number;
  readonly API_BODY_LIMIT_KB: number;
  readonly API_STOP_GRACE_SECONDS: number;
  readonly BOOTSTRAP_API_KEY: string;
  readonly FILES_TRANSFER_MINUTES: number;
  readonly FILES_LOG_RETENTION_DAYS: number;
}

const hourMs = 3_600_000;
/** Longer than load balancers keep a connection that nobody uses (60 s): one that we close just as a request sets out on it is a request lost. */
const keepAliveMs = 75_000;

/** Connects, wires and listens. */
export async function startService(config: ApiSettings, { log, metrics }: ServiceContext): Promise<RunningParts & { readonly url: string }> {
  const warn = (event: string, context: object) => log.warn(event, { ...context });
  const bus = await Bus.connect({ url: config.NATS_URL, name: 'api', log: warn });
  const presence = await Presence.connect({ url: config.REDIS_URL, log: warn });
  const database = new Database({ url: config.DATABASE_URL, name: 'api', poolSize: config.DATABASE_POOL_SIZE, log: warn });
  const keys = new ApiKeys(database.prisma);
  await keys.ensure(config.BOOTSTRAP_API_KEY, { tenant: 'default', name: 'bootstrap' });

  const parts = filePartsOf(config);
  const files = new StoredFiles(database, parts, systemClock, (object, error) => log.warn('file-not-removed', { object, error }));
  const keep = parts && new KeepFiles(database.prisma, files, parts.staging, config.FILES_LOG_RETENTION_DAYS, systemClock, log);
  const upkeep = keep && new Repeat('files-upkeep', () => keep.run(), hourMs, log).start();

  const app = await NestFactory.create<NestExpressApplication>(AppModule.with({ bus, database, presence, files }), { logger: ['error', 'warn'], bodyParser: false });
  app.disable('x-powered-by');
  app.disable('etag');
  app.setGlobalPrefix('api/v1');
  app.use(observeRequests(log, metrics));
  const stations = config.FILES_SECRET === undefined ? undefined : new StationFiles(files, config.FILES_SECRET, systemClock, log);
  app.use(linksPath, stations ? (request: Request, response: Response) => stations.handle(request, response) : noFiles);
  app.useBodyParser('json', { limit: config.API_BODY_LIMIT_KB * 1024, type: holdsJson });
  app.useGlobalGuards(new ApiKeyGuard(keys));
  app.useGlobalFilters(new ProblemFilter(log));
  const document = JSON.stringify(openApiDocument(app));
  const express = app.getHttpAdapter().getInstance();
  express.get('/api/openapi.json', (_, response) => void response.type('application/json').send(document));
  // What somebody sees who opens the address to find out what it is.
  const index = { name: 'ohmnibus', version, api: '/api/v1', description: '/api/openapi.json' };
  express.get('/', (_, response) => void response.json(index));
  await app.init();
  // Behind all routes, where Nest no longer hears of errors.
  express.use((request: Request, response: Response) => sendProblem(response, problemOf(new Fault('not-found', `there is nothing at ${request.path}`))));
  await app.listen(config.API_PORT, config.API_HOST);
  const server = app.getHttpServer();
  server.keepAliveTimeout = keepAliveMs;
  server.requestTimeout = config.FILES_TRANSFER_MINUTES * 60_000;
  const { port } = server.address() as AddressInfo;

  return {
    url: `http://${config.API_HOST.includes(':') ? `[${config.API_HOST}]` : config.API_HOST}:${port}`,
    listening: { host: config.API_HOST, port },
    checks: {
      nats: () => {
        if (!bus.connected) throw new Error('disconnected');
      },
      postgres: () => database.ping(),
      redis: () => presence.ping(),
    },
    stop: async () => {
      const grace = setTimeout(() => server.closeAllConnections(), config.API_STOP_GRACE_SECONDS * 1000);
      await Promise.all([app.close(), upkeep?.stop()]);
      clearTimeout(grace);
      await bus.close();
      await Promise.all([presence.close(), database.close()]);
    },
  };
}

/** Firmware may be called anything by whoever uploads it, also JSON: it goes to its handler as it is. */
function holdsJson({ url = '', headers }: IncomingMessage): boolean {
  return !url.startsWith('/api/v1/firmware/') && /^application\/json\b/i.test(headers['content-type'] ?? '');
}
