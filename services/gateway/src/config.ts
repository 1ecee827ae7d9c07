import { commonSettings, defineConfig, integer, settings } from '@ohmnibus/runtime';
import { z } from 'zod';
import { isNetwork } from './transport.js';

const headerName = z
  .string()
  .regex(/^[A-Za-z0-9-]+$/, 'must be the name of a header')
  .transform((name) => name.toLowerCase());

export const config = defineConfig('gateway', {
  ...commonSettings,
  REDIS_URL: settings.redisUrl,
  OCPP_HOST: z.string().default('127.0.0.1').describe('address that stations connect to'),
  OCPP_PORT: integer(0, 65535).default(9210).describe('port that stations connect to; 0: any free one'),
  TLS_CERTIFICATE_FILE: z.string().optional().describe('PEM file of the server certificate and its chain; with it and TLS_KEY_FILE the gateway also takes stations over TLS'),
  TLS_KEY_FILE: z.string().optional().describe('PEM file of the server certificate\'s key'),
  TLS_PORT: integer(1, 65535).default(9443).describe('port that stations connect to over TLS, at the same address'),
  TLS_RELOAD_SECONDS: integer(1, 3_600).default(10).describe('how often those two files are looked at; SIGHUP has them looked at once'),
  PORT_SHARING: z
    .enum(['on', 'off'])
    .default('off')
    .describe('on: several gateways of one machine may have the same ports, and the system shares out the connections; off: a gateway whose port is taken does not start'),
  TRUSTED_PROXIES: z
    .string()
    .default('')
    .transform((list) => list.split(',').map((network) => network.trim()).filter((network) => network !== ''))
    .refine((networks) => networks.every(isNetwork), 'must be addresses or networks such as 10.0.0.0/8, with commas between them')
    .describe('addresses and networks (CIDR) of proxies whose X-Forwarded-For, X-Forwarded-Proto and client certificate headers are believed, with commas between them'),
  CLIENT_CERTIFICATE_HEADER: headerName.default('x-client-cert').describe('header in which a trusted proxy forwards the client certificate: percent-encoded PEM, or DER as base64'),
  CLIENT_CERTIFICATE_VERDICT_HEADER: headerName
    .default('x-client-cert-verify')
    .describe('header in which a trusted proxy says what it thinks of the client certificate: SUCCESS, or why not'),
  POD: z.string().min(1).max(60).default('gateway').describe('name of this pod; each start adds an incarnation of its own'),
  SHARDS: integer(1, 1024).default(1).describe('subjects that the traffic to one service is spread over, by station'),
  IDLE_SECONDS: integer(8, 960).default(120).describe('silence after which a connection is given up; a ping is sent before'),
  FRAME_LIMIT_BYTES: integer(4_096, 900_000).default(262_144).describe('largest frame of a station; a larger one closes the connection with 1009'),
  QUEUE_LIMIT: integer(1, 1_000).default(32).describe('frames of one station that may wait for their turn, and commands likewise'),
  ADMISSION_CACHE_SECONDS: integer(0, 600).default(60).describe('how long an admitted station is let in again without asking'),
  SIGHTING_SECONDS: integer(1, 3_600).default(30).describe('how often last-seen times are passed on'),
  DRAIN_SECONDS: integer(1, 600).default(10).describe('how long calls in work may take to finish when the process stops'),
});

export type GatewayConfig = ReturnType<(typeof config)['schema']['parse']>;
