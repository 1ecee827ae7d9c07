import { afterAll, beforeAll, test } from '@jest/globals';
import { Bus, EventStream, EventSubscription } from '@ohmnibus/bus';
import { eventStream } from '@ohmnibus/contracts';
import { loadConfig, Metrics, type RunningParts } from '@ohmnibus/runtime';
import { eventually, openTestkit, type Testkit } from '@ohmnibus/testkit';
import { config } from './config.js';
import { startTransactionService } from './start-transaction-service.js';
import { silent } from './transaction-fixture.js';

let kit: Testkit;
let bus: Bus;
let service: RunningParts | undefined;

beforeAll(async () => {
  kit = await openTestkit({ services: ['postgres', 'nats'] });
  bus = await Bus.connect({ url: kit.natsUrl, name: 'before' });
});
afterAll(async () => {
  await service?.stop();
  await bus.close();
  await kit.close();
});

test('what earlier versions listened to is forgotten at the start, and what this one listens to is not', async () => {
  await EventStream.open(bus);
  const older = await Bus.connect({ url: kit.natsUrl, name: 'older' });
  const earlier = await EventSubscription.open(older, { name: 'reconcile-boots', type: 'station.booted', handle: () => Promise.resolve() });
  await earlier.stop();
  await older.close();
  const { consumers } = await bus.connection.jetstreamManager();
  await eventually('nobody listens', async () => (await consumers.info(eventStream.name, 'reconcile-boots')).num_waiting === 0);
  service = await startTransactionService(loadConfig(config, { NATS_URL: kit.natsUrl, DATABASE_URL: kit.databaseUrl }), { log: silent, metrics: new Metrics('transaction') });
  const names = async () => (await consumers.list(eventStream.name).next()).map(({ name }) => name).toSorted();
  await eventually('only ours are left', async () => (await names()).join() === 'review-corrections,review-ends');
});
