import { afterEach, describe, expect, test } from '@jest/globals';
import { serveAdmin, type AdminServer, type ReadinessCheck } from './admin-server.js';
import { Metrics } from './metrics.js';

const open: AdminServer[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((server) => server.close()));
});

async function get(path: string, checks: Record<string, ReadinessCheck> = {}, metrics = new Metrics('sample')): Promise<{ status: number; text: string; type: string | null }> {
  const server = await serveAdmin({ host: '127.0.0.1', port: 0, metrics, checks });
  open.push(server);
  const response = await fetch(`http://127.0.0.1:${server.port}${path}`);
  return { status: response.status, text: await response.text(), type: response.headers.get('content-type') };
}

describe('the health of a process', () => {
  test('is that it lives', async () => {
    expect(await get('/health/live', { broken: () => Promise.reject(new Error('no')) })).toMatchObject({ status: 200, text: '{"status":"live"}' });
  });

  test('is ready when all it depends on answers', async () => {
    const { status, text } = await get('/health/ready?verbose', { one: () => undefined, two: async () => undefined });
    expect([status, JSON.parse(text)]).toEqual([200, { status: 'ready', checks: { one: 'ok', two: 'ok' } }]);
  });

  test.each<[string, ReadinessCheck, string]>([
    ['fails', () => Promise.reject(new Error('the database is away')), 'the database is away'],
    [
      'throws at once',
      () => {
        throw new Error('not connected');
      },
      'not connected',
    ],
    ['fails with what is no error', () => Promise.reject('text'), 'text'],
    ['hangs', () => new Promise(() => undefined), 'no answer within 2000 ms'],
  ])('is not ready where a check %s, and says which', async (_what, check, reason) => {
    const { status, text } = await get('/health/ready', { good: () => undefined, bad: check });
    expect([status, JSON.parse(text)]).toEqual([503, { status: 'not ready', checks: { good: 'ok', bad: reason } }]);
  });
});

describe('the metrics of a process', () => {
  test('are what Prometheus reads, with the service on each', async () => {
    const metrics = new Metrics('sample');
    metrics.counter('things_total', 'Things', ['kind']).inc({ kind: 'a "quoted" one' }, 3);
    let depth = 1;
    metrics.gauge('depth', 'Depth', () => depth);
    depth = 7;
    metrics.commits()({ name: 'rows', rows: 12, seconds: 0.004, failed: true });
    const { status, text, type } = await get('/metrics', {}, metrics);
    expect(status).toBe(200);
    expect(type).toContain('text/plain');
    expect(text).toContain('ohmnibus_things_total{kind="a \\"quoted\\" one",service="sample"} 3');
    expect(text).toContain('ohmnibus_depth{service="sample"} 7');
    expect(text).toContain('ohmnibus_commits_total{batch="rows",outcome="failed",service="sample"} 1');
    expect(text).toContain('process_cpu_user_seconds_total');
  });

  test('that cannot be read are an error of that request alone', async () => {
    const metrics = new Metrics('sample');
    metrics.gauge('broken', 'Broken', () => {
      throw new Error('a defect');
    });
    expect((await get('/metrics', {}, metrics)).status).toBe(500);
    expect((await get('/health/live', {}, metrics)).status).toBe(200);
  });
});

test('another path is not there', async () => {
  expect((await get('/')).status).toBe(404);
});

test('a port that is taken is an error', async () => {
  const first = await serveAdmin({ host: '127.0.0.1', port: 0, metrics: new Metrics('a'), checks: {} });
  open.push(first);
  await expect(serveAdmin({ host: '127.0.0.1', port: first.port, metrics: new Metrics('b'), checks: {} })).rejects.toThrow('EADDRINUSE');
});
