import { certificateName, securityProfile, stationPassword } from '@ohmnibus/contracts';
import { z } from 'zod';
import { isoTime, pageSchema, paging, plainText, flag } from '../http/page.js';

const text = z.string().nullable();
const at = isoTime.nullable();

export const connectorSchema = z
  .object({
    evse: z.int().meta({ description: '0: the station as a whole' }),
    connector: z.int(),
    status: z.string().meta({ description: 'In the words of OCPP 2' }),
    reported: z.string().meta({ description: 'In the station\'s own word' }),
    errorCode: text,
    vendorId: text,
    vendorErrorCode: text,
    info: text,
    at: at.meta({ description: 'By the station\'s clock' }),
    receivedAt: isoTime,
  })
  .meta({ id: 'Connector' });
export type Connector = z.infer<typeof connectorSchema>;

const connectorStateSchema = connectorSchema
  .extend({ since: isoTime.meta({ description: 'When it was first reported to be like that, by our clock' }) })
  .meta({ id: 'ConnectorState' });
export type ConnectorState = z.infer<typeof connectorStateSchema>;

export const clockSchema = z
  .object({
    driftSeconds: z.number().meta({ description: 'Positive: the station\'s clock is ahead' }),
    since: isoTime.meta({ description: 'When it was first measured like that' }),
    until: isoTime.meta({ description: 'When it was last measured like that' }),
    measurements: z.int().meta({ description: 'Messages that it was measured by' }),
  })
  .meta({ id: 'StationClock' });
export type StationClock = z.infer<typeof clockSchema>;
export const clocksSchema = z.object({ items: z.array(clockSchema) }).meta({ id: 'StationClocks' });

export const stationSchema = z
  .object({
    id: z.string(),
    online: z.boolean(),
    protocol: text,
    registration: z.string(),
    vendor: text,
    model: text,
    serialNumber: text,
    firmwareVersion: text,
    iccid: text,
    imsi: text,
    meterType: text,
    meterSerialNumber: text,
    bootReason: text,
    bootedAt: at,
    connectedAt: at,
    disconnectedAt: at,
    lastSeenAt: at,
    hasPassword: z.boolean(),
    securityProfile: securityProfile.nullable().meta({ description: 'What it must at least connect with; it rises when the station connects with a higher one. Null: 1 with a password, else what the configuration says' }),
    certificateName: text.meta({ description: 'What its client certificates may name beside its id' }),
    createdAt: isoTime,
    clock: clockSchema.nullable().meta({ description: 'How far its clock is off, measured by what it dates; null: not measured yet' }),
    connectors: z.array(connectorStateSchema),
  })
  .meta({ id: 'Station' });
export type Station = z.infer<typeof stationSchema>;

export const stationPage = pageSchema('StationPage', stationSchema);

export const stationFilters = z.strictObject({
  online: flag.optional().meta({ description: 'Whether a socket is open' }),
  protocol: plainText.optional(),
  vendor: plainText.optional(),
  model: plainText.optional(),
  firmware: plainText.optional().meta({ description: 'The firmware version' }),
  status: plainText.optional().meta({ description: 'A status that any of its connectors has' }),
  search: plainText.optional().meta({ description: 'What the id begins with, in any case' }),
  ...paging,
});
export type StationFilters = z.output<typeof stationFilters>;

export const putStationBody = z
  .strictObject({
    password: stationPassword.nullable().optional().meta({ description: 'Left out: stays as it is; null: no password is asked for' }),
    securityProfile: securityProfile
      .nullable()
      .optional()
      .meta({ description: '0: nothing is asked for but the password that it may have; 1: a password; 2: a password over TLS; 3: a client certificate over TLS. Left out: stays as it is; null: what the station has decides' }),
    certificateName: certificateName
      .nullable()
      .optional()
      .meta({ description: 'What its client certificates may name beside its id, such as its serial number; profile 3. Left out: stays as it is; null: nothing else' }),
  })
  .meta({ id: 'PutStation' });
export type PutStationBody = z.output<typeof putStationBody>;

export const connectionSchema = z
  .object({
    online: z.boolean(),
    pod: text.meta({ description: 'The gateway process, by its incarnation' }),
    since: at,
    remoteAddress: text,
    protocol: text,
    epoch: z.int().nullable().meta({ description: 'Increases with each connection of the station' }),
    lastSeenAt: at,
  })
  .meta({ id: 'Connection' });
export type Connection = z.infer<typeof connectionSchema>;

export const closedSchema = z.object({ closed: z.int().meta({ description: 'Sockets that were closed' }) }).meta({ id: 'Closed' });

export const statusReportSchema = connectorSchema.meta({ id: 'StatusReport' });
export const statusPage = pageSchema('StatusReportPage', statusReportSchema);
export const statusQuery = z.strictObject(paging);
