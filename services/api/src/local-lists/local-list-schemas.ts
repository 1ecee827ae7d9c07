import { syncLocalListCommand, syncLocalListFields } from '@ohmnibus/contracts';
import { localListVerdicts } from '@ohmnibus/domain';
import { z } from 'zod';
import { isoTime } from '../http/page.js';

export const localListSchema = z
  .object({
    version: z.number().int().nullable().meta({ description: '0: it is empty; -1: the station keeps none; null: not known' }),
    entries: z
      .array(z.object({ token: z.string(), status: z.string(), expiresAt: isoTime.optional(), group: z.string().optional() }))
      .nullable()
      .meta({ description: 'Null: not known' }),
    lastVerdict: z.enum(localListVerdicts).nullable().meta({ description: 'What the station said to the last update' }),
    readAt: isoTime.nullable().meta({ description: 'When the station last told its version' }),
    updatedAt: isoTime.nullable().meta({ description: 'When it last took or refused an update' }),
    command: z.string().nullable().meta({ description: 'Of the last update' }),
  })
  .meta({ id: 'LocalList' });
export type LocalListView = z.infer<typeof localListSchema>;

const { timeoutSeconds, update, perMessage, capacity } = syncLocalListFields;

export const syncLocalListBody = z
  .strictObject({
    timeoutSeconds: timeoutSeconds.meta({ description: 'For all its messages together' }),
    update: update.meta({ description: 'auto: what it takes, after a look at the station\'s version; full: replace the list without asking' }),
    perMessage: perMessage.meta({ description: 'Lines of one message; left out: what the station says of itself' }),
    capacity: capacity.meta({ description: 'Lines of the whole list; left out: what the station says of itself' }),
  })
  .meta({ id: 'SyncLocalList' });
export type SyncLocalListBody = z.output<typeof syncLocalListBody>;

export const syncOutcomeSchema = syncLocalListCommand.answer.meta({ id: 'SyncLocalListOutcome' });
