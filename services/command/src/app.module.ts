import { Module, type DynamicModule, type Provider } from '@nestjs/common';
import { Bus } from '@ohmnibus/bus';
import { Database } from '@ohmnibus/database';
import { systemClock } from '@ohmnibus/domain';
import { Presence } from '@ohmnibus/presence';
import type { Log, Metrics } from '@ohmnibus/runtime';
import { CommandStore } from './dispatch/command-store.js';
import { Deliver } from './dispatch/deliver.js';
import { Dispatch } from './dispatch/dispatch.js';
import { observeCommands } from './dispatch/observe.js';
import { Findings } from './findings/findings.js';
import { FinishOverdue } from './overdue/finish-overdue.js';
import { SendCommand } from './send-command/send-command.js';
import { ServeCommands } from './serve-commands.js';
import { StartCommand } from './start-command/start-command.js';
import { StopCommand } from './stop-command/stop-command.js';
import { TransactionLookup } from './stop-command/transaction-lookup.js';

export interface Resources {
  readonly bus: Bus;
  readonly database: Database;
  readonly presence: Presence;
  readonly metrics: Metrics;
  readonly log: Log;
}

/** What is made of what. */
@Module({})
export class AppModule {
  static with({ bus, database, presence, metrics, log }: Resources): DynamicModule {
    const providers: Provider[] = [
      { provide: CommandStore, useFactory: () => new CommandStore(database, metrics.commits()) },
      { provide: TransactionLookup, useFactory: () => new TransactionLookup(database) },
      {
        provide: Findings,
        useFactory: () =>
          new Findings(systemClock, ({ tenant, station, id, action }, error) => log.error('finding-not-learnt', { tenant, station, command: id, action, error })),
      },
      { provide: Deliver, inject: [Findings], useFactory: (findings: Findings) => new Deliver(bus, presence, systemClock, findings) },
      {
        provide: Dispatch,
        inject: [CommandStore, Deliver],
        useFactory: (store: CommandStore, deliver: Deliver) => new Dispatch(store, deliver, presence, systemClock, observeCommands(metrics, log)),
      },
      { provide: SendCommand, inject: [Dispatch], useFactory: (dispatch: Dispatch) => new SendCommand(dispatch) },
      { provide: StartCommand, inject: [Dispatch], useFactory: (dispatch: Dispatch) => new StartCommand(dispatch) },
      {
        provide: StopCommand,
        inject: [Dispatch, TransactionLookup],
        useFactory: (dispatch: Dispatch, transactions: TransactionLookup) => new StopCommand(dispatch, transactions),
      },
      {
        provide: FinishOverdue,
        inject: [CommandStore],
        useFactory: (store: CommandStore) =>
          new FinishOverdue(store, systemClock, {
            overdue: (count) => log.warn('commands-overdue', { count }),
            failed: (error) => log.error('overdue-check-failed', { error }),
          }),
      },
      {
        provide: ServeCommands,
        inject: [Dispatch, SendCommand, StartCommand, StopCommand],
        useFactory: (dispatch: Dispatch, send: SendCommand, start: StartCommand, stop: StopCommand) => new ServeCommands(bus, dispatch, { send, start, stop }),
      },
    ];
    return { module: AppModule, providers };
  }
}
