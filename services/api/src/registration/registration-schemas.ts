import { stationPassword, stationSettings, tenantSettings } from '@ohmnibus/contracts';
import { protocolVersions } from '@ohmnibus/domain';
import { z } from 'zod';
import { isoTime, pageSchema, paging } from '../http/page.js';

const text = z.string().nullable();

export const newcomerSchema = z
  .object({
    id: z.string(),
    approval: z.enum(['waiting', 'refused']),
    vendor: text.meta({ description: 'As it said when it booted; null: it has not' }),
    model: text,
    serialNumber: text,
    firmwareVersion: text,
    protocol: text,
    remoteAddress: text,
    online: z.boolean(),
    lastSeenAt: isoTime.nullable(),
    createdAt: isoTime.meta({ description: 'When it came first' }),
  })
  .meta({ id: 'Newcomer' });
export type Newcomer = z.infer<typeof newcomerSchema>;
export const newcomerPage = pageSchema('NewcomerPage', newcomerSchema);
export const newcomerQuery = z.strictObject({ approval: z.enum(['waiting', 'refused']).default('waiting'), ...paging });

export const approveBody = z
  .strictObject({ password: stationPassword.optional().meta({ description: 'What it has to connect with from now on; left out: as it is' }) })
  .meta({ id: 'ApproveStation' });
export const refuseBody = z.strictObject({}).meta({ id: 'RefuseStation' });

export const tenantSettingsSchema = z
  .object({
    newcomers: tenantSettings.shape.newcomers.meta({ description: 'Stations that nobody has entered: accept, queue for approval, or refuse (404)' }),
    bootPolicy: tenantSettings.shape.bootPolicy.meta({ description: 'What boots are answered with: accept, pending until released, or reject' }),
    onBootConfiguration: tenantSettings.shape.onBootConfiguration.meta({ description: 'Read the configuration after a boot, if it was never read or the firmware changed' }),
    onBootLocalList: tenantSettings.shape.onBootLocalList.meta({ description: 'Bring the local list up to date after a boot' }),
  })
  .meta({ id: 'TenantSettings' });
export type TenantSettingsView = z.infer<typeof tenantSettingsSchema>;
export const putTenantSettingsBody = z
  .strictObject({
    newcomers: tenantSettings.shape.newcomers.default(null),
    bootPolicy: tenantSettings.shape.bootPolicy.default(null),
    onBootConfiguration: tenantSettings.shape.onBootConfiguration.default(null),
    onBootLocalList: tenantSettings.shape.onBootLocalList.default(null),
  })
  .meta({ id: 'PutTenantSettings', description: 'Null or left out: as the process is configured' });

export const stationSettingsSchema = z
  .object({
    bootPolicy: text,
    releasedAt: isoTime.nullable().meta({ description: 'When an operator let it through the boot policy pending' }),
    assumedProtocol: z.enum(protocolVersions).nullable().meta({ description: 'The version that it speaks if its handshake names none' }),
    onBootConfiguration: z.boolean().nullable(),
    onBootLocalList: z.boolean().nullable(),
    template: text.meta({ description: 'The configuration template that it was assigned' }),
    quirkProfile: text.meta({ description: 'The profile that fits its vendor, model and firmware' }),
  })
  .meta({ id: 'StationSettings' });
export type StationSettingsView = z.infer<typeof stationSettingsSchema>;
export const putStationSettingsBody = z.strictObject(stationSettings.shape).meta({ id: 'PutStationSettings', description: 'Null: as the tenant has it; left out: as it is' });
