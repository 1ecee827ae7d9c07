import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { Bus, retireSubscription } from '@ohmnibus/bus';
import { stationCall } from '@ohmnibus/contracts';
import { Database } from '@ohmnibus/database';
import { Operations } from '@ohmnibus/ocpp';
import { answerStation, Repeat, type RunningParts, type ServiceContext } from '@ohmnibus/runtime';
import { AppModule } from './app.module.js';
import type { TransactionConfig } from './config.js';
import { ServeTokens } from './keep-tokens/serve-tokens.js';
import { TellClocks } from './measure-clocks/tell-clocks.js';
import { reactToEvents } from './react-to-events.js';
import { ReconcileTransactions } from './reconcile/reconcile-transactions.js';
import { RefusedEvents } from './relay-events/refused-events.js';
import { RelayEvents } from './relay-events/relay-events.js';
import { ReviewTransactions } from './review-transactions/review-transactions.js';
import { ServeRepairs } from './serve-repairs.js';
import { Stores } from './stores.js';

const hourMs = 3_600_000;

/** Connects, serves, and says how to stop. */
export async function startTransactionService(config: TransactionConfig, context: ServiceContext): Promise<RunningParts> {
  const app = await NestFactory.createApplicationContext(AppModule.with(config, context), { logger: false, abortOnError: false });
  const [bus, database, stores, relay] = [app.get(Bus), app.get(Database), app.get(Stores), app.get(RelayEvents)];
  context.metrics.gauge('waiting_rows', 'Rows that wait for a commit', () => stores.depth);
  const [reconcile, clocks, refusedEvents] = [app.get(ReconcileTransactions), app.get(TellClocks), app.get(RefusedEvents)];
  relay.start();
  const reactions = await reactToEvents(bus, app.get(ReviewTransactions), context.log);
  const rounds = [
    new Repeat('clock-flush', () => clocks.flush(), config.CLOCK_FLUSH_SECONDS * 1000, context.log).start(),
    new Repeat('refused-events-upkeep', () => refusedEvents.forget(), hourMs, context.log).start(),
    // Of versions that heard of each boot.
    new Repeat('retired-subscriptions', () => retireSubscription(bus, { name: 'reconcile-boots', type: 'station.booted' }), hourMs, context.log).start(),
    new Repeat('reconcile', () => reconcile.settle(), config.RECONCILE_CHECK_SECONDS * 1000, context.log).start(),
    new Repeat('reconcile-compare', () => reconcile.compare(), config.RECONCILE_COMPARE_SECONDS * 1000, context.log).start(),
  ];
  const served = [
    bus.serve(stationCall, { service: 'transaction' }, answerStation(app.get(Operations), context)),
    ...app.get(ServeTokens).start(),
    ...app.get(ServeRepairs).start(),
  ];
  return {
    checks: {
      nats: () => {
        if (!bus.connected) throw new Error('not connected');
      },
      postgres: () => database.ping(),
    },
    stop: async () => {
      await Promise.all([...served, ...reactions, ...rounds].map((work) => work.stop()));
      await stores.drain();
      await relay.stop();
      await bus.close();
      await database.close();
      await app.close();
    },
  };
}
