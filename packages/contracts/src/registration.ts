import { bootPolicies, isSecret, leniencies, newcomerPolicies, protocolVersions } from '@ohmnibus/domain';
import { z } from 'zod';
import { question } from './contract.js';
import { plainId } from './registry.js';
import { desiredKey } from './configuration.js';

const timeoutMs = 5_000;
const station = { tenant: z.string(), station: z.string() };
const done = z.object({});

/** What a tenant decides for its stations; null: as the process is configured. */
export const tenantSettings = z.object({
  newcomers: z.enum(newcomerPolicies).nullable(),
  bootPolicy: z.enum(bootPolicies).nullable(),
  onBootConfiguration: z.boolean().nullable(),
  onBootLocalList: z.boolean().nullable(),
});

export const putTenantSettings = question({ subject: 'session.tenant.put', question: tenantSettings.extend({ tenant: z.string() }), answer: done, timeoutMs });

/** What holds for one station; null: as its tenant has it; absent: as it is. */
export const stationSettings = z.object({
  bootPolicy: z.enum(bootPolicies).nullable().optional(),
  /** The version that it speaks if its handshake names none; null: it is refused then. */
  assumedProtocol: z.enum(protocolVersions).nullable().optional(),
  onBootConfiguration: z.boolean().nullable().optional(),
  onBootLocalList: z.boolean().nullable().optional(),
  /** The configuration template that it follows; null: the one that fits it. */
  template: plainId('a template', 100).nullable().optional(),
});
export type StationSettings = z.infer<typeof stationSettings>;

export const putStationSettings = question({ subject: 'session.station.settings', question: stationSettings.extend(station), answer: done, timeoutMs });

/** An operator's word on a station that waits for it, or whose boots are answered Pending first; `refused` blocks any station. */
export const decideOnStation = question({
  subject: 'session.station.decide',
  question: z.object({ ...station, decision: z.enum(['approved', 'refused']) }),
  answer: done,
  timeoutMs,
});

/** Patterns with `*` for any characters, compared without regard to case; null: any. */
export const stationPattern = {
  vendor: plainId('a pattern', 100).nullable(),
  model: plainId('a pattern', 100).nullable(),
  firmware: plainId('a pattern', 100).nullable(),
};
export const profileName = plainId('a name', 100);
export const profilePriority = z.int().min(-1000).max(1000);
const factor = z.number().positive().max(1e6);

export const quirks = z.strictObject({
  accepts: z.array(z.enum(leniencies)).min(1).optional(),
  energyFactors: z.strictObject({ Wh: factor.optional(), kWh: factor.optional(), register: factor.optional() }).optional(),
  registerRestarts: z.boolean().optional(),
  settleSeconds: z.number().min(0).max(600).optional(),
  pacingMs: z.int().min(0).max(60_000).optional(),
});

export const putQuirkProfile = question({
  subject: 'session.quirk-profile.put',
  question: z.object({ tenant: z.string(), name: profileName, ...stationPattern, priority: profilePriority, quirks }),
  answer: z.object({ created: z.boolean() }),
  timeoutMs,
});
export type PutQuirkProfile = z.infer<typeof putQuirkProfile.question>;

export const deleteQuirkProfile = question({
  subject: 'session.quirk-profile.delete',
  question: z.object({ tenant: z.string(), name: z.string() }),
  answer: z.object({ deleted: z.boolean() }),
  timeoutMs,
});

/** Values that all stations of a kind may share. */
const sharedKey = desiredKey.refine(({ key }) => !isSecret({ variable: key }), 'a secret belongs to one station, not into a template');

export const sharedKeys = z.array(sharedKey).min(1).max(200);

/** Desired values of configuration keys, for the stations that the patterns fit, or that it is assigned to. */
export const putConfigurationTemplate = question({
  subject: 'session.configuration-template.put',
  question: z.object({ tenant: z.string(), name: profileName, ...stationPattern, priority: profilePriority, keys: sharedKeys }),
  answer: z.object({ created: z.boolean() }),
  timeoutMs,
});
export type PutConfigurationTemplate = z.infer<typeof putConfigurationTemplate.question>;

export const deleteConfigurationTemplate = question({
  subject: 'session.configuration-template.delete',
  question: z.object({ tenant: z.string(), name: z.string() }),
  answer: z.object({ deleted: z.boolean() }),
  timeoutMs,
});
