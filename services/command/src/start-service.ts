import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { Bus } from '@ohmnibus/bus';
import { Database, onePlanByIndex } from '@ohmnibus/database';
import { systemClock } from '@ohmnibus/domain';
import { Presence } from '@ohmnibus/presence';
import { Repeat, type RunningParts, type ServiceContext } from '@ohmnibus/runtime';
import { AppModule } from './app.module.js';
import { CommandRecords } from './dispatch/command-records.js';
import { CommandStore } from './dispatch/command-store.js';
import { Dispatch } from './dispatch/dispatch.js';
import type { LinkSettings } from './jobs/station-links.js';
import { FinishOverdue } from './overdue/finish-overdue.js';
import { ServeCommands } from './serve-commands.js';
import { Stores } from './stores.js';

export interface CommandSettings extends LinkSettings {
  readonly NATS_URL: string;
  readonly REDIS_URL: string;
  readonly DATABASE_URL: string;
  readonly DATABASE_POOL_SIZE: number;
  readonly COMMAND_OVERDUE_CHECK_SECONDS: number;
  readonly COMMAND_SETTLE_SECONDS: number;
  readonly COMMAND_STOP_GRACE_SECONDS: number;
}

/** Connects, wires and serves. */
export async function startService(config: CommandSettings, { log, metrics }: ServiceContext): Promise<RunningParts> {
  const warn = (event: string, context: Record<string, unknown>) => log.warn(event, context);
  // A command travels at once: what gathers under load is what arrives in one turn of the event loop.
  const bus = await Bus.connect({ url: config.NATS_URL, name: 'command', log: warn, windowMs: 0 });
  const presence = await Presence.connect({ url: config.REDIS_URL, log: (event, context) => log.warn(event, { ...context }) });
  // A row is seen by all as soon as it is written, and outlives this process. If the machine of Postgres crashes, the last half second of
  // rows may be lost: records of what was asked, no facts that a station was promised.
  const database = new Database({
    url: config.DATABASE_URL,
    name: 'command',
    poolSize: config.DATABASE_POOL_SIZE,
    synchronousCommit: false,
    parameters: { ...onePlanByIndex, enable_hashjoin: 'off', enable_mergejoin: 'off' },
    log: warn,
  });
  await database.ping();

  const app = await NestFactory.createApplicationContext(AppModule.with({ bus, database, presence, metrics, log, links: config }), { logger: ['error', 'warn'] });
  const store = app.get(CommandStore);
  const dispatch = app.get(Dispatch);
  metrics.gauge('commands_in_work', 'Commands that wait for their station', () => dispatch.inWork);
  metrics.gauge('command_rows_waiting', 'Rows of commands that wait to be written', () => store.depth);
  const overdue = app.get(FinishOverdue).every(config.COMMAND_OVERDUE_CHECK_SECONDS);
  const { reservations, installedProfiles, jobs } = app.get(Stores);
  const rounds = {
    reservations: (now: Date) => reservations.settle(now),
    'charging-profiles': (now: Date) => installedProfiles.settle(now),
    jobs: (now: Date) => jobs.settleAbandoned(now),
  };
  const settling = Object.entries(rounds).map(([name, settle]) =>
    new Repeat(`settling-${name}`, () => settle(systemClock.now()), config.COMMAND_SETTLE_SECONDS * 1000, log).start(),
  );
  const serving = app.get(ServeCommands).start();

  return {
    checks: {
      nats: () => {
        if (!bus.connected) throw new Error('disconnected');
      },
      postgres: () => database.ping(),
      redis: () => presence.ping(),
    },
    stop: async () => {
      await Promise.all([overdue, ...settling].map((round) => round.stop()));
      await serving.stop(config.COMMAND_STOP_GRACE_SECONDS * 1000);
      await store.drain();
      await app.get(CommandRecords).close();
      await bus.close();
      await Promise.all([presence.close(), database.close(), app.close()]);
    },
  };
}
