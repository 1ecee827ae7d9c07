import { logKinds } from '@ohmnibus/domain';
import { z } from 'zod';
import { commandAnswer, commandFields, orderFields } from './command.js';
import { question } from './contract.js';

/** Names of firmware images stand in links, and stations read them off the end. */
export const imageName = z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$/, 'an image is named by letters, digits, ".", "_" and "-", 100 at most');

/** A file's address as the station is told it; the security extension of 1.6 has room for 512 characters. */
const location = z
  .string()
  .max(512)
  .refine((text) => URL.canParse(text) && /^(https?|s?ftps?):$/.test(new URL(text).protocol), 'must be a URL that begins with http, https, ftp, ftps or sftp');

const time = z.iso.datetime({ offset: true });

const tries = {
  /** Beyond the first attempt. */
  retries: z.number().int().min(0).max(100).optional(),
  retryIntervalSeconds: z.number().int().min(0).max(604_800).optional(),
};

/** The fields of an order for an update, for whoever offers them in another place. */
export const firmwareOrderFields = {
  /** One of ours, by its name; or a location. */
  image: imageName.optional(),
  location: location.optional(),
  /** Left out: now. */
  retrieveAt: time.optional(),
  installAt: time.optional(),
  /** PEM. With it and the signature, the station checks the image. */
  signingCertificate: z.string().min(1).max(5500).optional(),
  /** Base64. */
  signature: z.base64().min(1).max(800).optional(),
  ...tries,
};

export function oneSource({ image, location: given }: { image?: string | undefined; location?: string | undefined }): boolean {
  return (image === undefined) !== (given === undefined);
}

export function wholeSignature(fields: { signingCertificate?: string | undefined; signature?: string | undefined }): boolean {
  return (fields.signingCertificate === undefined) === (fields.signature === undefined);
}

export const oneSourceMessage = 'either an image or a location is needed';
export const wholeSignatureMessage = 'a signature and its certificate go together';

/** Has a station install firmware. The command's id is that of the update, whose progress the station reports. */
export const updateFirmwareCommand = question({
  subject: 'csms.command.update-firmware',
  question: z
    .object({ ...orderFields, ...firmwareOrderFields })
    .refine(oneSource, oneSourceMessage)
    .refine(wholeSignature, wholeSignatureMessage),
  answer: commandAnswer,
  timeoutMs: 630_000,
});
export type UpdateFirmwareCommand = z.infer<typeof updateFirmwareCommand.question>;

/** The fields of an order for a log, for whoever offers them in another place. */
export const logOrderFields = {
  log: z.enum(logKinds).default('diagnostics'),
  /** Left out: our file endpoint. */
  location: location.optional(),
  from: time.optional(),
  to: time.optional(),
  ...tries,
};

/** Has a station upload a log. The command's id is that of the upload, whose progress the station reports. */
export const uploadLogCommand = question({
  subject: 'csms.command.upload-log',
  question: z.object({ ...orderFields, ...logOrderFields }),
  answer: commandAnswer,
  timeoutMs: 630_000,
});
export type UploadLogCommand = z.infer<typeof uploadLogCommand.question>;

/** The fields of a trigger, for whoever offers them in another place. */
export const triggerFields = {
  /** In the words of OCPP 2, or in those of the station's version where it has others (`DiagnosticsStatusNotification`). */
  message: z.string().regex(/^[A-Za-z0-9]{1,64}$/, 'a message is a word of letters'),
  /** Left out: the station as a whole, or all of its EVSEs. */
  evse: commandFields.evse,
};

/** Has a station send a message now. What its version cannot trigger is refused before anything is sent. */
export const triggerCommand = question({
  subject: 'csms.command.trigger',
  question: z.object({ ...orderFields, ...triggerFields }),
  answer: commandAnswer,
  timeoutMs: 630_000,
});
export type TriggerCommand = z.infer<typeof triggerCommand.question>;
