import { z } from 'zod';
import { question } from './contract.js';

/** Measurements at most in one question. */
export const clockBatch = 1_000;

/** How far the clocks of stations are off, as services measure it by what stations date. */
export const measuredClocks = question({
  subject: 'session.clock.measured',
  question: z.object({
    clocks: z
      .array(
        z.object({
          tenant: z.string(),
          station: z.string(),
          /** Positive: ahead. */
          driftMs: z.number(),
          since: z.iso.datetime(),
          until: z.iso.datetime(),
          measurements: z.int().positive(),
        }),
      )
      .max(clockBatch),
  }),
  answer: z.object({}),
  timeoutMs: 10_000,
});
export type MeasuredClocks = z.infer<typeof measuredClocks.question>;
