import { commandStates } from '@ohmnibus/domain';
import { z } from 'zod';
import { orderFields } from './command.js';
import { question } from './contract.js';
import { plainId } from './registry.js';

/** A configuration key as the station's version spells it: 1.6 `HeartbeatInterval`, 2.x `component/variable#attribute`. */
export const configurationName = plainId('a configuration key', 160);
/** 1.6 allows 500 characters, 2.x up to 2500. */
export const configurationValue = z.string().max(2500).refine((text) => !text.includes('\0'), 'a value must not contain NUL');
export const desiredKey = z.object({ key: configurationName, value: configurationValue });

/** What came of one CALL of an order that takes several. */
export const partOutcome = z.object({
  /** Absent if it was not sent, because one before it showed that the station is not to be reached. */
  command: z.string().optional(),
  state: z.enum([...commandStates, 'not-sent']),
  /** The station's word. */
  status: z.string().optional(),
  /** Why there is no answer of the station's, or its CALLERROR. */
  reason: z.string().optional(),
});
export type PartOutcome = z.infer<typeof partOutcome>;

const answerTimeoutMs = 630_000;

/** Reads a station's configuration, in as many CALLs as the station's limit demands; what it answers is learnt. */
export const readConfigurationCommand = question({
  subject: 'csms.command.read-configuration',
  /** Without keys all of them. */
  question: z.object({ ...orderFields, keys: z.array(configurationName).min(1).max(1000).optional() }),
  answer: z.object({ state: z.enum(commandStates), parts: z.array(partOutcome.extend({ keys: z.array(z.string()).optional() })) }),
  timeoutMs: answerTimeoutMs,
});
export type ReadConfigurationCommand = z.infer<typeof readConfigurationCommand.question>;
export type ReadConfigurationAnswer = z.infer<typeof readConfigurationCommand.answer>;

const keysAnswer = z.object({ state: z.enum(commandStates), keys: z.array(partOutcome.extend({ key: z.string() })) });
export type ConfigureAnswer = z.infer<typeof keysAnswer>;

/** Changes configuration keys of a station, one after the other, and tells of each. */
export const configureCommand = question({
  subject: 'csms.command.configure',
  question: z.object({ ...orderFields, keys: z.array(desiredKey).min(1).max(200) }),
  answer: keysAnswer,
  timeoutMs: answerTimeoutMs,
});
export type ConfigureCommand = z.infer<typeof configureCommand.question>;

/**
 * Changes what differs from a template: the one that is named, else the one that the station was assigned or that fits it. What the station
 * is believed to have already, or does not know, is left out, unless `all` says otherwise.
 */
export const applyTemplateCommand = question({
  subject: 'csms.command.apply-template',
  question: z.object({ ...orderFields, template: plainId('a template', 100).optional(), all: z.boolean().default(false) }),
  answer: keysAnswer.extend({ template: z.string() }),
  timeoutMs: answerTimeoutMs,
});
export type ApplyTemplateCommand = z.infer<typeof applyTemplateCommand.question>;
export type ApplyTemplateAnswer = z.infer<typeof applyTemplateCommand.answer>;
