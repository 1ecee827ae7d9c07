import { commandStates } from '@ohmnibus/domain';
import { z } from 'zod';
import { question } from './contract.js';
import { stationId, stationPassword, tokenValue } from './registry.js';

/** What Postgres has no way to keep must be refused before anything is sent. */
const storable = (text: z.ZodString) => text.refine((value) => !value.includes('\0'), 'a text must not contain the character NUL');

/** Of all commands: how an internal service, in any language, has a station do something. All fields are JSON. */
export const orderFields = {
  tenant: storable(z.string().min(1)).default('default'),
  station: stationId,
  /** From the moment of asking; what is not written to the station by then never is. */
  timeoutSeconds: z.number().positive().max(600).default(30),
  /** The same key again answers with the first command instead of sending another. */
  idempotencyKey: storable(z.string().min(1).max(200)).optional(),
  /** Who asks, for the record. */
  requestedBy: storable(z.string().max(200)).optional(),
  /** Answer when everybody can read the command with its end, and not some milliseconds before that. */
  stored: z.boolean().optional(),
};

/** The fields of all commands, for whoever offers them in another place. */
export const commandFields = {
  ...orderFields,
  action: z.string().regex(/^[A-Za-z0-9]{1,64}$/, 'an action is a word of letters'),
  payload: z.record(z.string(), z.unknown()),
  token: tokenValue,
  tokenKind: z.string().max(20).optional(),
  evse: z.number().int().positive().optional(),
  /** Our number, or the id that is on the wire. */
  transaction: z.string().min(1).max(36),
  /** Of the catalogue; a TxProfile for the transaction that is to begin. */
  chargingProfile: z.int().positive().max(0x7fff_ffff).optional(),
};
const { action, payload, token, tokenKind, evse, transaction, chargingProfile } = commandFields;

export const commandResult = z.discriminatedUnion('type', [
  z.object({ type: z.literal('CALLRESULT'), payload: z.unknown() }),
  z.object({ type: z.literal('CALLERROR'), code: z.string(), description: z.string(), details: z.unknown() }),
  z.object({ type: z.literal('none'), reason: z.string() }),
]);
export type CommandResult = z.infer<typeof commandResult>;

export const commandAnswer = z.object({
  id: z.string(),
  state: z.enum(commandStates),
  result: commandResult,
});
export type CommandAnswer = z.infer<typeof commandAnswer>;

const answering = { answer: commandAnswer, timeoutMs: 630_000 };

/** Any action of the station's version, with its payload dispatched as it is. */
export const sendCommand = question({
  subject: 'csms.command.send',
  question: z.object({ ...orderFields, action, payload }),
  ...answering,
});
export type SendCommand = z.infer<typeof sendCommand.question>;

/** Starts a charge on a station of any version. */
export const startCommand = question({
  subject: 'csms.command.start',
  question: z.object({ ...orderFields, token, tokenKind, evse, chargingProfile }),
  ...answering,
});
export type StartCommand = z.infer<typeof startCommand.question>;

/** Stops a transaction, named by our number or by the id that is on the wire. */
export const stopCommand = question({
  subject: 'csms.command.stop',
  question: z.object({ ...orderFields, transaction }),
  ...answering,
});
export type StopCommand = z.infer<typeof stopCommand.question>;

/** What every version takes: 1.6 for bytes or, if they are 32 to 40 hexadecimal digits, for a binary key. */
export const rotatedPassword = stationPassword.min(16, 'a new password has at least 16 characters');

/** Nobody is asked to rise to 0. */
export const raisedProfile = z.literal([1, 2, 3]);

/** Gives a station a new password. The old one stays right until it is certain that the station has the new one. */
export const rotatePasswordCommand = question({
  subject: 'csms.command.rotate-password',
  question: z.object({ ...orderFields, password: rotatedPassword.optional() }),
  ...answering,
});
export type RotatePasswordCommand = z.infer<typeof rotatePasswordCommand.question>;

/** Has a station connect with a higher security profile. */
export const raiseProfileCommand = question({
  subject: 'csms.command.raise-security-profile',
  question: z.object({ ...orderFields, profile: raisedProfile, restart: z.boolean().default(false) }),
  ...answering,
});
export type RaiseProfileCommand = z.infer<typeof raiseProfileCommand.question>;
