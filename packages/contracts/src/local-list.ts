import { commandStates } from '@ohmnibus/domain';
import { z } from 'zod';
import { orderFields } from './command.js';
import { partOutcome } from './configuration.js';
import { question } from './contract.js';

const { tenant, station, requestedBy, stored } = orderFields;

/** The fields of the synchronisation that a caller may set, for whoever offers it in another place. */
export const syncLocalListFields = {
  /** For all its messages together. */
  timeoutSeconds: orderFields.timeoutSeconds.default(120),
  /** `auto`: what it takes, after a look at the station's version; `full`: replace the list without asking. */
  update: z.enum(['auto', 'full']).default('auto'),
  /** Lines of one message, and of the whole list. Absent: what the station says of itself. */
  perMessage: z.number().int().min(1).max(2_000).optional(),
  capacity: z.number().int().min(0).max(1_000_000).optional(),
};

/**
 * Brings the list by which a station authorizes without asking to what the tenant's tokens say. It may be asked for at any time: where
 * nothing is to be changed nothing is sent. `conflict`: another synchronisation of the station is under way.
 */
export const syncLocalListCommand = question({
  subject: 'csms.command.sync-local-list',
  question: z.object({ tenant, station, requestedBy, stored, ...syncLocalListFields }),
  answer: z.object({
    /** Of the updates, if there were any: the worst of them. `rejected` if the station keeps no list. */
    state: z.enum(commandStates),
    /** What was sent last. */
    update: z.enum(['none', 'differential', 'full']),
    /** That the list on the station is believed to have now: 0 if it is empty, -1 if the station keeps none, null if it is not known. */
    version: z.number().int().nullable(),
    /** Lines that the list is to have; null if it did not come to that. */
    entries: z.number().int().nullable(),
    /** Tokens that may be used at the station and are not in its list. */
    leftOut: z.object({ tooLong: z.number().int(), beyondCapacity: z.number().int() }),
    /** Whether the station heeds its list; null: it has not said. */
    enabled: z.boolean().nullable(),
    /** Its CALLs, in their order. */
    parts: z.array(partOutcome.extend({ what: z.enum(['version', 'limits', 'differential', 'full']) })),
  }),
  timeoutMs: 630_000,
});
export type SyncLocalListCommand = z.infer<typeof syncLocalListCommand.question>;
export type SyncLocalListAnswer = z.infer<typeof syncLocalListCommand.answer>;
