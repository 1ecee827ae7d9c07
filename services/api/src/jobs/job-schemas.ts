import { firmwareOrderFields, logOrderFields, oneSource, oneSourceMessage, wholeSignature, wholeSignatureMessage } from '@ohmnibus/contracts';
import { jobKinds, jobStates, logKinds } from '@ohmnibus/domain';
import { z } from 'zod';
import { orderOptions } from '../commands/command-schemas.js';
import { isoTime, pageSchema, paging, plainText } from '../http/page.js';

const f = firmwareOrderFields;
export const firmwareBody = z
  .strictObject({
    image: f.image.meta({ description: 'One that was uploaded here; or else `location`' }),
    location: f.location.meta({ description: 'Where the station gets it, if not here' }),
    retrieveAt: f.retrieveAt.meta({ description: 'When the station is to fetch it; left out: now' }),
    installAt: f.installAt.meta({ description: 'When it is to be installed; left out: as soon as it can be. OCPP 1.6 has it for signed firmware alone' }),
    signingCertificate: f.signingCertificate.meta({ description: 'PEM; with a signature, the station checks the image' }),
    signature: f.signature.meta({ description: 'Base64' }),
    retries: f.retries,
    retryIntervalSeconds: f.retryIntervalSeconds,
    ...orderOptions,
  })
  .refine(oneSource, oneSourceMessage)
  .refine(wholeSignature, wholeSignatureMessage)
  .meta({ id: 'OrderFirmwareUpdate' });
export type FirmwareBody = z.output<typeof firmwareBody>;

const l = logOrderFields;
export const logBody = z
  .strictObject({
    log: l.log,
    location: l.location.meta({ description: 'Where the station is to put it; left out: here' }),
    from: l.from,
    to: l.to,
    retries: l.retries,
    retryIntervalSeconds: l.retryIntervalSeconds,
    ...orderOptions,
  })
  .meta({ id: 'OrderLogUpload' });
export type LogBody = z.output<typeof logBody>;

const text = z.string().nullable();
const number = z.int().nullable();

const job = {
  id: z.string().meta({ description: 'Also of the command that ordered it' }),
  station: z.string(),
  state: z.enum(jobStates).meta({ description: 'A failed job may go on: stations try again' }),
  status: text.meta({ description: 'What the station reported last, in the words of OCPP 2' }),
  statusAt: isoTime.nullable(),
  answer: text.meta({ description: 'The station\'s word on the order, or why there is none' }),
  location: z.string(),
  requestId: number.meta({ description: 'On the wire; null where the version has none' }),
  retries: number,
  retryIntervalSeconds: number,
  requestedBy: text,
  orderedAt: isoTime,
  endedAt: isoTime.nullable(),
};

export const firmwareUpdateSchema = z
  .object({ ...job, image: text, signed: z.boolean(), retrieveAt: isoTime.nullable(), installAt: isoTime.nullable() })
  .meta({ id: 'FirmwareUpdate' });
export type FirmwareUpdate = z.infer<typeof firmwareUpdateSchema>;

const logFileSchema = z.object({ name: z.string(), size: z.int(), sha256: z.string(), receivedAt: isoTime }).meta({ id: 'LogFile' });

export const logUploadSchema = z
  .object({
    ...job,
    log: z.enum(logKinds),
    from: isoTime.nullable(),
    to: isoTime.nullable(),
    fileName: text.meta({ description: 'As the station announced it' }),
    files: z.array(logFileSchema).meta({ description: 'What has come in here, the newest first' }),
  })
  .meta({ id: 'LogUpload' });
export type LogUpload = z.infer<typeof logUploadSchema>;

export const progressSchema = z
  .object({
    kind: z.enum(jobKinds),
    status: z.string(),
    requestId: number,
    job: text.meta({ description: 'The job that it is about; null: none that is known' }),
    receivedAt: isoTime,
  })
  .meta({ id: 'ProgressReport' });
export type Progress = z.infer<typeof progressSchema>;

const history = { reports: z.array(progressSchema).meta({ description: 'What the station told of it, the newest first, 100 at most' }) };
export const firmwareUpdateDetail = firmwareUpdateSchema.extend(history).meta({ id: 'FirmwareUpdateDetail' });
export const logUploadDetail = logUploadSchema.extend(history).meta({ id: 'LogUploadDetail' });

export const firmwareUpdatePage = pageSchema('FirmwareUpdatePage', firmwareUpdateSchema);
export const logUploadPage = pageSchema('LogUploadPage', logUploadSchema);
export const progressPage = pageSchema('ProgressReportPage', progressSchema);

export const jobFilters = z.strictObject({
  station: plainText.optional(),
  state: z.enum(jobStates).optional(),
  ...paging,
});
export type JobFilters = z.output<typeof jobFilters>;

export const progressQuery = z.strictObject(paging);
export const fileQuery = z.strictObject({ name: plainText.optional().meta({ description: 'Of one of several files; left out: the newest' }) });
