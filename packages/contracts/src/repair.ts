import { z } from 'zod';
import { question } from './contract.js';

const by = { tenant: z.string().min(1).default('default'), /** Who does it, for the record. */ requestedBy: z.string().min(1).max(200) };
const id = z.string().regex(/^[1-9]\d{0,17}$/, 'an id is a positive number');
const number = z.int().positive().max(0x7fff_ffff);
const noControl = (what: string) => z.string().trim().min(1, `${what} must not be empty`).max(1_000).refine((text) => !text.includes('\0'), `${what} must not contain NUL`);

/** The fields of all repairs, for whoever offers them in another place. */
export const repairFields = { note: noControl('a note'), reason: noControl('a reason'), transaction: number };

/** How a report left quarantine. */
export const resolutions = ['resolved', 'merged', 'replayed'] as const;
export type Resolution = (typeof resolutions)[number];

/** One thing that an operator tried with a report in quarantine. */
export const quarantineStep = z.object({
  /** RFC 3339, UTC. */
  at: z.string(),
  by: z.string(),
  action: z.enum(['resolve', 'merge', 'replay']),
  note: z.string().optional(),
  /** Our number of the transaction that it was for. */
  transaction: z.number().optional(),
  outcome: z.enum(['done', 'refused']),
  /** Why it was refused. */
  reason: z.string().optional(),
});
export type QuarantineStep = z.infer<typeof quarantineStep>;

const repaired = {
  answer: z.object({ id: z.string(), resolution: z.enum(resolutions), transaction: z.number().nullable() }),
  timeoutMs: 20_000,
};
export type Repaired = z.infer<typeof repaired.answer>;

/** Nothing more is to be done about it. The same again changes nothing; `conflict` if it has left quarantine otherwise. */
export const resolveQuarantined = question({ subject: 'transaction.quarantine.resolve', question: z.object({ ...by, id, note: repairFields.note }), ...repaired });
export type ResolveQuarantined = z.infer<typeof resolveQuarantined.question>;

/** An end or readings become part of a transaction of the same tenant. `conflict` if that has been ended by its station already. */
export const mergeQuarantined = question({
  subject: 'transaction.quarantine.merge',
  question: z.object({ ...by, id, transaction: number, note: repairFields.note.optional() }),
  ...repaired,
});
export type MergeQuarantined = z.infer<typeof mergeQuarantined.question>;

/** The report goes the way that it should have gone, for example after its transaction has appeared. `conflict` if it still cannot. */
export const replayQuarantined = question({ subject: 'transaction.quarantine.replay', question: z.object({ ...by, id, note: repairFields.note.optional() }), ...repaired });
export type ReplayQuarantined = z.infer<typeof replayQuarantined.question>;

/** What became of a domain event that the stream did not take. */
export const refusedEventResolutions = ['resolved', 'replayed'] as const;
export type RefusedEventResolution = (typeof refusedEventResolutions)[number];

const resolvedEvent = { answer: z.object({ id: z.string(), resolution: z.enum(refusedEventResolutions) }), timeoutMs: 5_000 };
export type ResolvedRefusedEvent = z.infer<typeof resolvedEvent.answer>;

/** Nothing more is to be done about it. The same again changes nothing; `conflict` if something else was done. */
export const resolveRefusedEvent = question({ subject: 'transaction.refused-event.resolve', question: z.object({ ...by, id, note: repairFields.note }), ...resolvedEvent });
export type ResolveRefusedEvent = z.infer<typeof resolveRefusedEvent.question>;

/** It is sent again, under a new id and behind all events that wait. Likewise. */
export const replayRefusedEvent = question({ subject: 'transaction.refused-event.replay', question: z.object({ ...by, id, note: repairFields.note.optional() }), ...resolvedEvent });
export type ReplayRefusedEvent = z.infer<typeof replayRefusedEvent.question>;

/** Ends a transaction by an operator's word, on the last that is known of it, until the station's own end arrives. */
export const closeTransaction = question({
  subject: 'transaction.close',
  question: z.object({ ...by, transaction: number, reason: repairFields.reason }),
  answer: z.object({ transaction: z.number() }),
  timeoutMs: 5_000,
});
export type CloseTransaction = z.infer<typeof closeTransaction.question>;
