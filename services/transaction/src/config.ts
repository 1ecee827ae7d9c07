import { commonSettings, defineConfig, integer, settings } from '@ohmnibus/runtime';

export const config = defineConfig('transaction', {
  ...commonSettings,
  DATABASE_URL: settings.databaseUrl,
  DATABASE_POOL_SIZE: settings.databasePoolSize,
  OUTBOX_POLL_MILLISECONDS: integer(10, 60_000).default(100).describe('how often domain events are looked for when there were none'),
});

export type TransactionConfig = ReturnType<(typeof config)['schema']['parse']>;
