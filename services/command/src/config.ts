import { commonSettings, defineConfig, integer, settings } from '@ohmnibus/runtime';

export const config = defineConfig('command', {
  ...commonSettings,
  REDIS_URL: settings.redisUrl,
  DATABASE_URL: settings.databaseUrl,
  DATABASE_POOL_SIZE: settings.databasePoolSize,
  COMMAND_OVERDUE_CHECK_SECONDS: integer(1, 300).default(5).describe('how often commands are looked for whose process is gone, in seconds'),
  COMMAND_STOP_GRACE_SECONDS: integer(0, 600)
    .default(20)
    .describe('how long a process that is told to stop waits for stations to answer, in seconds; what is open then ends as unknown'),
});
