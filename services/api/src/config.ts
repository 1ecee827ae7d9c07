import { commonSettings, defineConfig, fileSettings, integer, settings } from '@ohmnibus/runtime';
import { z } from 'zod';

export const config = defineConfig('api', {
  ...commonSettings,
  REDIS_URL: settings.redisUrl,
  DATABASE_URL: settings.databaseUrl,
  DATABASE_POOL_SIZE: settings.databasePoolSize,
  API_HOST: z.string().default('127.0.0.1').describe('address that the API listens on'),
  API_PORT: integer(0, 65535).default(8080).describe('port that the API listens on; 0: any free one'),
  API_BODY_LIMIT_KB: integer(1, 900).default(256).describe('largest body of a request, in kilobytes; a message of NATS holds 1024'),
  API_STOP_GRACE_SECONDS: integer(0, 600).default(20).describe('how long a process that is told to stop goes on with requests in work, in seconds'),
  BOOTSTRAP_API_KEY: z
    .string()
    .min(20, 'must have at least 20 characters')
    .regex(/^[\x21-\x7e]*$/, 'must consist of visible ASCII characters')
    .describe('API key of the tenant "default" that is there from the start, at least 20 characters; only its SHA-256 is stored'),
  FILES_SECRET: fileSettings.secret,
  FILES_FOLDER: z.string().default('.data/files').describe('where firmware and logs are kept, or with a bucket only what has not come in whole; api processes without a bucket share it'),
  FILES_LIMIT_MB: integer(1, 100_000).default(1024).describe('largest file, in megabytes'),
  FILES_TRANSFER_MINUTES: integer(1, 24 * 60).default(60).describe('how long a request may take to come in, in minutes: a station may have a slow line and a large log'),
  FILES_LOG_RETENTION_DAYS: integer(1, 3650).default(90).describe('how long logs of stations are kept, in days'),
  FILES_S3_URL: z.url({ protocol: /^https?$/ }).optional().describe('bucket that files are kept in, with or without a prefix, such as https://s3.eu-central-1.amazonaws.com/bucket; unset: FILES_FOLDER'),
  FILES_S3_REGION: z.string().default('us-east-1').describe('region of the bucket'),
  FILES_S3_ACCESS_KEY_ID: z.string().optional().describe('access key of the bucket'),
  FILES_S3_SECRET_ACCESS_KEY: z.string().optional().describe('secret of the access key'),
});
