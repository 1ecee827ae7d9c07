import { z } from 'zod';
import { commandAnswer, orderFields } from './command.js';
import { question } from './contract.js';

const answering = { answer: commandAnswer, timeoutMs: 630_000 };

const vendorText = (max: number) => z.string().min(1).max(max);
const connector = z.number().int().positive();

/** The fields of these commands, for whoever offers them in another place. */
export const everydayFields = {
  reset: { when: z.enum(['immediately', 'idle']).default('idle') },
  unlock: { evse: connector, connector: connector.default(1) },
  availability: { operative: z.boolean(), evse: connector.optional(), connector: connector.optional() },
  vendorMessage: { vendor: vendorText(255), messageId: vendorText(50).optional(), data: z.string().optional() },
};

/** Restarts a station: at once, or when its transactions have been ended in order. */
export const resetCommand = question({ subject: 'csms.command.reset', question: z.object({ ...orderFields, ...everydayFields.reset }), ...answering });
/** Frees the cable of a connector. */
export const unlockCommand = question({ subject: 'csms.command.unlock', question: z.object({ ...orderFields, ...everydayFields.unlock }), ...answering });
/** Takes a station, or one of its EVSEs, in or out of service. */
export const availabilityCommand = question({ subject: 'csms.command.availability', question: z.object({ ...orderFields, ...everydayFields.availability }), ...answering });
/** Has a station forget the tokens that it remembers. */
export const clearCacheCommand = question({ subject: 'csms.command.clear-cache', question: z.object(orderFields), ...answering });
/** Something of a vendor's own, which only its stations understand. */
export const vendorMessageCommand = question({ subject: 'csms.command.vendor-message', question: z.object({ ...orderFields, ...everydayFields.vendorMessage }), ...answering });
