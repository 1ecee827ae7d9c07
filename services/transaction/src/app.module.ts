import { Module, type DynamicModule, type FactoryProvider } from '@nestjs/common';
import { Bus, EventStream } from '@ohmnibus/bus';
import { Database, onePlanByIndex } from '@ohmnibus/database';
import { systemClock } from '@ohmnibus/domain';
import { Operations } from '@ohmnibus/ocpp';
import { provide, type ServiceContext } from '@ohmnibus/runtime';
import { Authorizer } from './authorize/authorizer.js';
import { TokenStore } from './authorize/token-store.js';
import { CloseTransaction } from './close-transaction/close-transaction.js';
import type { TransactionConfig } from './config.js';
import { KeepTokenGroups } from './keep-tokens/keep-token-groups.js';
import { KeepTokens } from './keep-tokens/keep-tokens.js';
import { ServeTokens } from './keep-tokens/serve-tokens.js';
import { TellClocks } from './measure-clocks/tell-clocks.js';
import { stationOperations } from './ocpp.js';
import { Quarantine } from './quarantine/quarantine.js';
import { refuseRepair, RepairQuarantine } from './quarantine/repair-quarantine.js';
import { DoubtStore } from './reconcile/doubt-store.js';
import { ReconcileTransactions } from './reconcile/reconcile-transactions.js';
import { RecordSamples } from './record-samples/record-samples.js';
import { SampleStore } from './record-samples/sample-store.js';
import { EventStore } from './record-transaction/event-store.js';
import { RecordTransaction } from './record-transaction/record-transaction.js';
import { StopStore } from './record-transaction/stop-store.js';
import { RefusedEvents } from './relay-events/refused-events.js';
import { RelayEvents } from './relay-events/relay-events.js';
import { ReviewStore } from './review-transactions/review-store.js';
import { judge, ReviewTransactions } from './review-transactions/review-transactions.js';
import { ServeRepairs } from './serve-repairs.js';
import { Stores } from './stores.js';

/** The one place where Nest is told what needs what. */
@Module({})
export class AppModule {
  static with(config: TransactionConfig, { log, metrics }: ServiceContext): DynamicModule {
    const onCommit = metrics.commits();
    const relayed = metrics.counter('events_relayed_total', 'Domain events put on JetStream');
    const refused = metrics.counter('events_refused_total', 'Domain events that JetStream does not take, in the table refused_event');
    const providers: FactoryProvider[] = [
      provide(Bus, [], () => Bus.connect({ url: config.NATS_URL, name: 'transaction', log: log.warn })),
      provide(Database, [], () => new Database({ url: config.DATABASE_URL, name: 'transaction', poolSize: config.DATABASE_POOL_SIZE, parameters: onePlanByIndex, log: log.warn })),
      provide(
        Stores,
        [Database],
        (database) =>
          new Stores(
            new EventStore(database, onCommit),
            new StopStore(database, onCommit),
            new SampleStore(database, onCommit),
            new DoubtStore(database, config.RECONCILE_GRACE_SECONDS * 1000),
          ),
      ),
      provide(Authorizer, [Database], (database) => new Authorizer(new TokenStore(database, onCommit), systemClock)),
      provide(Quarantine, [Database], (database) => new Quarantine(database, log)),
      provide(TellClocks, [Bus], (bus) => new TellClocks(bus, systemClock)),
      provide(ReviewTransactions, [Database], (database) => new ReviewTransactions(new ReviewStore(database, (found) => judge(found, config.CONNECTOR_MAX_KW * 1000), onCommit))),
      provide(Operations, [Stores, Authorizer, Quarantine, TellClocks], (stores, authorizer, quarantine, clocks) =>
        stationOperations({
          authorizer,
          transactions: new RecordTransaction(authorizer, stores.events, stores.stops, quarantine),
          samples: new RecordSamples(stores.samples, quarantine),
          clocks,
        }),
      ),
      provide(ServeTokens, [Bus, Database], (bus, database) => new ServeTokens(bus, new KeepTokens(database), new KeepTokenGroups(database))),
      provide(RefusedEvents, [Database], (database) => new RefusedEvents(database, config.REFUSED_EVENT_RETENTION_DAYS)),
      provide(ServeRepairs, [Bus, Database, Stores, Authorizer, RefusedEvents], (bus, database, stores, authorizer, refusedEvents) => {
        const strict = {
          transactions: new RecordTransaction(authorizer, stores.events, stores.stops, refuseRepair),
          samples: new RecordSamples(stores.samples, refuseRepair),
        };
        return new ServeRepairs(bus, new RepairQuarantine(database, strict, systemClock), new CloseTransaction(database), refusedEvents);
      }),
      provide(ReconcileTransactions, [Stores], (stores) => new ReconcileTransactions(stores.doubts, log)),
      provide(EventStream, [Bus], (bus) => EventStream.open(bus)),
      provide(
        RelayEvents,
        [Database, EventStream],
        (database, stream) => new RelayEvents(database, stream, { pollMs: config.OUTBOX_POLL_MILLISECONDS, log, relayed: (events) => relayed.inc(events), refused: (events) => refused.inc(events) }),
      ),
    ];
    return { module: AppModule, providers };
  }
}
