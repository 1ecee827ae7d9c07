import { test } from '@jest/globals';
import { Bus } from '@ohmnibus/bus';
import { gatewayCall, sendCommand } from '@ohmnibus/contracts';
import { Presence } from '@ohmnibus/presence';
import { openTestkit, spawnService, freePort } from '@ohmnibus/testkit';
test('speed', async () => {
  const kit = await openTestkit();
  const port = await freePort();
  const s = await spawnService('command', { script: '/work/main/services/command/dist/main.js', env: { NATS_URL: kit.natsUrl, REDIS_URL: kit.redisUrl, DATABASE_URL: kit.databaseUrl, ADMIN_PORT: String(port) }, ready: `http://127.0.0.1:${port}/health/ready` });
  const bus = await Bus.connect({ url: kit.natsUrl, name: 't', windowMs: 0 });
  const p = await Presence.connect({ url: kit.redisUrl });
  bus.serve(gatewayCall, { pod: 'p' }, () => ({ kind: 'result' as const, payload: '{"status":"Accepted"}' }));
  await p.claim({ tenant: 'default', station: 's', pod: 'p', connection: 1, acceptedAt: p.now() }, { protocol: 'v16', remoteAddress: 'x', since: 1 });
  const one = () => bus.ask(sendCommand, {}, { tenant: 'default', station: 's', action: 'ClearCache', payload: {}, timeoutSeconds: 30 });
  for (let i = 0; i < 500; i++) await one();
  const ts: number[] = [];
  for (let i = 0; i < 2000; i++) { const t = performance.now(); await one(); ts.push(performance.now() - t); }
  ts.sort((a, b) => a - b);
  const t0 = performance.now(); let n = 0;
  await Promise.all(Array.from({ length: 64 }, async () => { while (n < 20000) { n++; await one(); } }));
  console.log('p50', ts[1000], 'p95', ts[1900], 'rate64', 20000 / (performance.now() - t0) * 1000);
  console.log(await s.stop());
  await bus.close(); await p.close(); await kit.close();
}, 60000);
