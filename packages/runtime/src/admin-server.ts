import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Metrics } from './metrics.js';

/** Says nothing, or why this process should get no traffic. */
export type ReadinessCheck = () => Promise<void> | void;

export interface AdminServer {
  readonly port: number;
  close(): Promise<void>;
}

const checkTimeoutMs = 2_000;

/** `/health/live`: the event loop turns. `/health/ready`: everything it depends on answers and it is not stopping. `/metrics`: Prometheus. */
export async function serveAdmin(options: { host: string; port: number; metrics: Metrics; checks: Record<string, ReadinessCheck> }): Promise<AdminServer> {
  const server = createServer((request, response) => {
    const send = (status: number, type: string, body: string) => response.writeHead(status, { 'content-type': type }).end(body);
    const path = request.url?.split('?')[0];
    if (path === '/health/live') send(200, 'application/json', '{"status":"live"}');
    else if (path === '/health/ready') void readiness(options.checks).then(({ ready, body }) => send(ready ? 200 : 503, 'application/json', body));
    else if (path === '/metrics') {
      void options.metrics.registry.metrics().then(
        (text) => send(200, options.metrics.registry.contentType, text),
        (error: unknown) => send(500, 'text/plain', String(error)),
      );
    } else send(404, 'application/json', '{"status":"not found"}');
  });
  await listen(server, options.host, options.port);
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function readiness(checks: Record<string, ReadinessCheck>): Promise<{ ready: boolean; body: string }> {
  const outcomes = await Promise.all(
    Object.entries(checks).map(async ([name, check]) => {
      try {
        await withTimeout(check);
        return [name, 'ok'] as const;
      } catch (error) {
        return [name, error instanceof Error ? error.message : String(error)] as const;
      }
    }),
  );
  const ready = outcomes.every(([, outcome]) => outcome === 'ok');
  return { ready, body: JSON.stringify({ status: ready ? 'ready' : 'not ready', checks: Object.fromEntries(outcomes) }) };
}

async function withTimeout(check: ReadinessCheck): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer within ${checkTimeoutMs} ms`)), checkTimeoutMs);
  });
  // A check that throws at once must not leave the timer behind.
  await Promise.race([Promise.resolve().then(check), late]).finally(() => clearTimeout(timer));
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}
