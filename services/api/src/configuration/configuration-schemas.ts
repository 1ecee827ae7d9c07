import { configurationName, configurationValue, desiredKey, readConfigurationCommand, applyTemplateCommand, configureCommand, commandFields, profilePriority, sharedKeys, stationPattern } from '@ohmnibus/contracts';
import { differences } from '@ohmnibus/domain';
import { z } from 'zod';
import { isoTime, pageSchema, paging } from '../http/page.js';

const text = z.string().nullable();
const timeoutSeconds = commandFields.timeoutSeconds.meta({ description: 'For all the messages that it takes together' });

export const variableSchema = z
  .object({
    key: z.string().meta({ description: 'As the station spells it; 2.x: component/variable#attribute' }),
    known: z.boolean().meta({ description: 'False: the station says that it does not know it' }),
    value: text.meta({ description: 'Null where the station shows none, and always of secrets' }),
    pendingValue: text.meta({ description: 'Accepted, and in force after a restart' }),
    readonly: z.boolean().nullable(),
    readAt: isoTime,
    source: z.enum(['read', 'changed']).meta({ description: 'Whether the station told it, or accepted it' }),
  })
  .meta({ id: 'ConfigurationKey' });
export type VariableView = z.infer<typeof variableSchema>;

export const configurationSchema = z
  .object({
    readAt: isoTime.nullable().meta({ description: 'When all keys were read last; null: never' }),
    firmwareVersion: text.meta({ description: 'Of that time' }),
    items: z.array(variableSchema),
    nextCursor: text,
  })
  .meta({ id: 'Configuration' });
export type ConfigurationView = z.infer<typeof configurationSchema>;
export const configurationQuery = z.strictObject(paging);

export const refreshBody = z
  .strictObject({ keys: z.array(configurationName).min(1).max(1000).optional().meta({ description: 'Left out: all' }), timeoutSeconds })
  .meta({ id: 'RefreshConfiguration' });
export const refreshedSchema = readConfigurationCommand.answer.meta({ id: 'RefreshedConfiguration' });

export const putKeyBody = z.strictObject({ value: configurationValue, timeoutSeconds }).meta({ id: 'PutConfigurationKey' });
export const configuredSchema = configureCommand.answer.meta({ id: 'ConfiguredKeys' });

export const applyBody = z
  .strictObject({
    template: z.string().min(1).max(100).optional().meta({ description: 'Left out: the one that the station was assigned, or that fits it' }),
    all: z.boolean().default(false).meta({ description: 'Also what the station is believed to have already' }),
    timeoutSeconds,
  })
  .meta({ id: 'ApplyTemplate' });
export const appliedSchema = applyTemplateCommand.answer.meta({ id: 'AppliedTemplate' });

export const driftSchema = z
  .object({
    station: z.string(),
    template: z.string().meta({ description: 'What the station is to follow' }),
    differences: z.array(
      z.object({
        key: z.string(),
        desired: z.string(),
        actual: text,
        difference: z.enum(differences).meta({ description: 'pending: in force after a restart; not-known: to the station; not-read: nobody knows' }),
      }),
    ),
  })
  .meta({ id: 'Drift' });
export type Drift = z.infer<typeof driftSchema>;
export const driftPage = pageSchema('DriftPage', driftSchema);
export const driftQuery = z.strictObject(paging);

const { vendor, model, firmware } = stationPattern;
const pattern = (schema: typeof vendor) => schema.default(null).meta({ description: '* stands for any characters, letters in any case; null: any' });
export const patternFields = { vendor: pattern(vendor), model: pattern(model), firmware: pattern(firmware) };
export const priorityField = profilePriority.default(0).meta({ description: 'Of several that fit, the highest counts' });

export const putTemplateBody = z.strictObject({ ...patternFields, priority: priorityField, keys: sharedKeys }).meta({ id: 'PutConfigurationTemplate' });
export type PutTemplateBody = z.output<typeof putTemplateBody>;

export const templateSchema = z
  .object({ name: z.string(), vendor: text, model: text, firmware: text, priority: z.int(), keys: z.array(desiredKey), createdAt: isoTime, updatedAt: isoTime })
  .meta({ id: 'ConfigurationTemplate' });
export type TemplateView = z.infer<typeof templateSchema>;
export const templatePage = pageSchema('ConfigurationTemplatePage', templateSchema);
export const templateQuery = z.strictObject(paging);
