import { bootPolicies, newcomerPolicies, securityProfiles } from '@ohmnibus/domain';
import { commonSettings, defineConfig, integer, settings } from '@ohmnibus/runtime';
import { keyTypes } from '@ohmnibus/pki';
import { z } from 'zod';
import { subjectRules } from './request-certificate/request-certificate.js';

const onOff = z.enum(['on', 'off']);

export const config = defineConfig('session', {
  ...commonSettings,
  REDIS_URL: settings.redisUrl,
  DATABASE_URL: settings.databaseUrl,
  DATABASE_POOL_SIZE: settings.databasePoolSize,
  ADMISSION_SECRET: z
    .string()
    .min(16, 'must have at least 16 characters')
    .describe('key of the fast verifiers of passwords in Redis; the same for every session process, and for nobody else'),
  VERIFIER_HOURS: integer(1, 24 * 30).default(24).describe('how long a password that was right is recognised without the slow check, in hours'),
  PASSWORD_CHECKS_AT_ONCE: integer(1, 64).default(2).describe('slow password checks under way at once; each takes 16 MiB and a core for some 40 ms'),
  PASSWORD_CHECKS_WAITING: integer(0, 10_000).default(100).describe('slow password checks that may wait; a station beyond them is told to come again'),
  LEAST_SECURITY_PROFILE: z.coerce
    .number()
    .pipe(z.literal(securityProfiles))
    .default(0)
    .describe('security profile, 0 to 3, that a station must connect with for which none is set; one with a password needs that in any case'),
  STATION_CA_FILE: z
    .string()
    .optional()
    .describe('PEM file of the authorities whose client certificates are believed for stations of every tenant (security profile 3); read again when it changes'),
  STATION_CERTIFICATE_ORGANIZATION: z.string().optional().describe('organization (O) that the client certificates of stations must name; empty: any'),
  CERTIFICATE_SIGNING: z
    .enum(['automatic', 'manual'])
    .default('automatic')
    .describe('automatic: what stations ask to have signed is signed if it is in order; manual: it waits for an operator'),
  CERTIFICATE_AUTHORITY_SECRET: z
    .string()
    .min(16, 'must have at least 16 characters')
    .optional()
    .describe('encrypts the keys of the tenants\' own certificate authorities in the database; the same for every session process; not set: there are none'),
  CERTIFICATE_AUTHORITY_FILE: z
    .string()
    .optional()
    .describe('PEM file of an authority that signs for all tenants instead of their own: its certificate, and after it those up to the root'),
  CERTIFICATE_AUTHORITY_KEY_FILE: z.string().optional().describe('PEM file of that authority\'s private key, PKCS#8 and not encrypted'),
  CERTIFICATE_AUTHORITY_KEY_TYPE: z.enum(keyTypes).default('ecdsa-p256').describe('key that a tenant\'s own certificate authority is made with'),
  CERTIFICATE_DAYS: integer(1, 3_650).default(365).describe('how long the certificates of stations are valid, in days'),
  CERTIFICATE_RENEWAL_DAYS: integer(0, 365)
    .default(30)
    .describe('how long before its certificate ends a station is told to renew it, in days; 0: never, which leaves it to the station'),
  CERTIFICATE_SUBJECT: z.enum(subjectRules).default('either').describe('what the common name of a station\'s certificate must be: its identity, the serial number that it reports, or either'),
  CERTIFICATE_REQUESTS_PER_DAY: integer(1, 10_000).default(50).describe('requests for certificates of one station that are looked at within a day; more are rejected'),
  CERTIFICATE_REQUEST_HOURS: integer(1, 8_760).default(168).describe('how long a request for a certificate may wait for an operator and for its station, in hours'),
  HEARTBEAT_SECONDS: integer(1, 86_400).default(300).describe('interval that an accepted station is told to send heartbeats at, in seconds'),
  PENDING_RETRY_SECONDS: integer(1, 86_400).default(60).describe('how long a station that is not accepted waits before it boots again, in seconds'),
  NEWCOMERS: z
    .enum(newcomerPolicies)
    .default('refuse')
    .describe('what becomes of stations of the tenant `default` that nobody has entered, and of tenants whose settings do not say: accept, queue for an operator, or refuse (404)'),
  NEWCOMERS_WAITING: integer(0, 100_000).default(1_000).describe('newcomers of a tenant that may wait for an operator; more are refused'),
  BOOT_POLICY: z
    .enum(bootPolicies)
    .default('accept')
    .describe('what boots are answered with where neither tenant nor station says otherwise: accept, pending (until an operator releases the station), or reject'),
  ON_BOOT_CONFIGURATION: onOff.default('on').describe('whether the configuration of an accepted station is read after a boot, if it was not with this firmware or a part of it waited for the restart, where neither tenant nor station says otherwise'),
  ON_BOOT_LOCAL_LIST: onOff.default('off').describe('whether the local list of an accepted station is brought up to date after a boot, likewise'),
  ON_BOOT_AT_ONCE: integer(1, 1_000).default(8).describe('stations that are asked at once after their boots, by one process; more of a storm wait'),
  SWEEP_SECONDS: integer(1, 600).default(5).describe('how often the stations of pods that are gone are looked for, in seconds'),
  POD_LIVENESS_SECONDS: integer(1, 600)
    .default(15)
    .describe('how long a gateway pod counts as alive after its last sign of life, in seconds; after a failure of Redis nothing is swept for three times as long'),
  CLOCK_FLUSH_SECONDS: settings.clockFlushSeconds,
  CLOCK_DRIFT_THRESHOLD_SECONDS: integer(1, 86_400).default(60).describe('how far the clock of a station may be off before that is told as an event, in seconds'),
  PARTITION_UPKEEP_MINUTES: integer(1, 720).default(60).describe('how often partitions are made ahead and old ones dropped, in minutes'),
  MESSAGE_LOG_RETENTION_DAYS: integer(0, 36_500).default(30).describe('how long frames are kept, in days; 0: for ever'),
  SAMPLE_RETENTION_DAYS: integer(0, 36_500).default(0).describe('how long meter readings are kept, in days; 0: for ever'),
  SECURITY_EVENT_RETENTION_DAYS: integer(0, 36_500).default(365).describe('how long security events, and requests for certificates that came to nothing, are kept, in days; 0: for ever'),
  STATUS_RETENTION_DAYS: integer(0, 36_500).default(365).describe('how long the history of connector states is kept, in days; 0: for ever'),
});

export type SessionConfig = z.infer<typeof config.schema>;
