import { commonSettings, defineConfig, fileSettings, integer, settings } from '@ohmnibus/runtime';

export const config = defineConfig('command', {
  ...commonSettings,
  REDIS_URL: settings.redisUrl,
  DATABASE_URL: settings.databaseUrl,
  DATABASE_POOL_SIZE: settings.databasePoolSize,
  COMMAND_OVERDUE_CHECK_SECONDS: integer(1, 300).default(5).describe('how often commands are looked for whose process is gone, in seconds'),
  COMMAND_SETTLE_SECONDS: integer(1, 300)
    .default(1)
    .describe('how often open reservations and the charging profiles of transactions are compared with the time and with the transactions, in seconds'),
  COMMAND_STOP_GRACE_SECONDS: integer(0, 600)
    .default(20)
    .describe('how long a process that is told to stop waits for stations to answer, in seconds; what is open then ends as unknown'),
  FILES_SECRET: fileSettings.secret,
  FILES_PUBLIC_URL: fileSettings.publicUrl,
  FILES_LINK_HOURS: integer(1, 24 * 30).default(24).describe('how long a station may use a link to the file endpoint, in hours; of firmware from the time that it is to fetch it'),
});
