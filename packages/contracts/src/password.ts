import { z } from 'zod';
import { question } from './contract.js';

/** The command that carries a new password to a station. */
const rotation = { tenant: z.string(), station: z.string(), id: z.string().min(1).max(64) };

/**
 * From the moment this is answered the station may come in with this password as well. It must be asked before the password is sent to the
 * station, so that nothing that happens in between locks the station out.
 */
export const proposePassword = question({
  subject: 'session.password.propose',
  question: z.object({
    ...rotation,
    /** As it is sent to the station; digits of a hex key are taken for its bytes. */
    password: z.string().min(1).max(500),
    /** After this it is certainly not written to the station any more. */
    openUntil: z.iso.datetime(),
  }),
  answer: z.object({}),
  timeoutMs: 5_000,
});
export type ProposePassword = z.infer<typeof proposePassword.question>;

export const rotationOutcomes = ['taken', 'refused', 'unknown'] as const;

/** What became of a proposed password. Unknown: all stay right until the station comes in with one of them. */
export const settlePassword = question({
  subject: 'session.password.settle',
  question: z.object({ ...rotation, outcome: z.enum(rotationOutcomes) }),
  answer: z.object({ settled: z.boolean() }),
  timeoutMs: 5_000,
});
export type SettlePassword = z.infer<typeof settlePassword.question>;
