import { commonSettings, defineConfig, integer, settings } from '@ohmnibus/runtime';

export const config = defineConfig('transaction', {
  ...commonSettings,
  DATABASE_URL: settings.databaseUrl,
  DATABASE_POOL_SIZE: settings.databasePoolSize,
  OUTBOX_POLL_MILLISECONDS: integer(10, 60_000).default(100).describe('how often domain events are looked for when there were none'),
  REFUSED_EVENT_RETENTION_DAYS: integer(0, 36_500).default(90).describe('how long domain events that JetStream does not take are kept, in days; 0: for ever'),
  RECONCILE_GRACE_SECONDS: integer(0, 86_400)
    .default(300)
    .describe('how long the end of a transaction that is probably over may take to arrive before it is inferred, in seconds'),
  RECONCILE_COMPARE_SECONDS: integer(1, 3_600).default(60).describe('how often boots and connectors that are free are compared with open transactions, in seconds'),
  RECONCILE_CHECK_SECONDS: integer(1, 3_600).default(10).describe('how often transactions that are probably over are looked at, in seconds'),
  CLOCK_FLUSH_SECONDS: settings.clockFlushSeconds,
  CONNECTOR_MAX_KW: integer(1, 100_000).default(1_000).describe('what the strongest connector can deliver, in kW; a charge that got more is flagged'),
});

export type TransactionConfig = ReturnType<(typeof config)['schema']['parse']>;
