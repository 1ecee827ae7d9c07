import { authorityPurposes, certificatePem, commandFields, listCertificatesCommand, rootCertificateUse } from '@ohmnibus/contracts';
import { certificateRequestStates, hashAlgorithms, stationCertificateUses } from '@ohmnibus/domain';
import { z } from 'zod';
import { isoTime, pageSchema, paging, plainText } from '../http/page.js';

const { timeoutSeconds, idempotencyKey } = commandFields;
const options = { timeoutSeconds, idempotencyKey };
const time = isoTime.nullable();
const text = z.string().nullable();
const pem = z.string().meta({ description: 'PEM' });

export const authoritySchema = z
  .object({
    id: z.string(),
    purpose: z.enum(authorityPurposes).meta({ description: 'Station: its stations are believed at the door; otherwise the use that stations have for it' }),
    subject: z.string(),
    certificate: pem,
    fingerprint: z.string().meta({ description: 'SHA-256, hexadecimal' }),
    serialNumber: z.string(),
    hash: text.meta({ description: 'How stations name it: algorithm, hash of the issuer\'s name, of the issuer\'s key, serial number' }),
    notBefore: isoTime,
    notAfter: isoTime,
    signs: z.boolean().meta({ description: 'It is the tenant\'s own, and its key is here' }),
    createdAt: isoTime,
  })
  .meta({ id: 'CertificateAuthority' });
export type AuthorityView = z.infer<typeof authoritySchema>;
export const authorityPage = pageSchema('CertificateAuthorityPage', authoritySchema);
export const authorityQuery = z.strictObject({ purpose: z.enum(authorityPurposes).optional(), ...paging });
export type AuthorityQuery = z.output<typeof authorityQuery>;
export const addAuthorityBody = z.strictObject({ purpose: z.enum(authorityPurposes), certificate: certificatePem }).meta({ id: 'AddCertificateAuthority' });
export type AddAuthorityBody = z.output<typeof addAuthorityBody>;

export const requestSchema = z
  .object({
    id: z.string(),
    station: z.string(),
    type: z.string().meta({ description: 'ChargingStationCertificate or V2GCertificate' }),
    state: z.enum(certificateRequestStates),
    reason: text.meta({ description: 'Why it was refused, or why the last attempt came to nothing' }),
    request: z.string().meta({ description: 'PKCS#10, as the station sent it if it could not be read' }),
    commonName: text,
    organization: text,
    key: text.meta({ description: 'Type and size of the key' }),
    approved: z.boolean().meta({ description: 'It may be signed' }),
    decidedBy: text,
    requestedAt: isoTime,
    expiresAt: isoTime,
    certificate: text.meta({ description: 'PEM, with those between it and the root' }),
    fingerprint: text,
    serialNumber: text,
    notBefore: time,
    notAfter: time,
    signedAt: time,
    attempts: z.int().meta({ description: 'How often it was tried to sign it and to bring it to the station' }),
    nextAttemptAt: isoTime,
    command: text.meta({ description: 'The command that the station answered' }),
    finishedAt: time,
    revokedAt: time,
  })
  .meta({ id: 'CertificateRequest' });
export type RequestView = z.infer<typeof requestSchema>;
export const requestPage = pageSchema('CertificateRequestPage', requestSchema);
export const requestQuery = z.strictObject({ station: plainText.optional(), state: z.enum(certificateRequestStates).optional(), ...paging });
export type RequestQuery = z.output<typeof requestQuery>;
export const denyBody = z.strictObject({ reason: z.string().min(1).max(500).optional() }).meta({ id: 'DenyCertificateRequest' });
export const uploadBody = z.strictObject({ certificate: z.string().max(20_000).meta({ description: 'PEM: the station\'s certificate first, then those up to the root' }) }).meta({ id: 'UploadCertificate' });
export const revokedSchema = z.object({ revoked: z.boolean().meta({ description: 'False: it was taken back before, or there never was a certificate' }) }).meta({ id: 'RevokedCertificate' });

/** 1.6 has another word for the CSMS. */
const rootUse = z.preprocess((use) => (use === 'CentralSystemRootCertificate' ? 'CSMSRootCertificate' : use), rootCertificateUse);

export const stationCertificateSchema = z
  .object({
    id: z.string().meta({ description: 'Of a root: how stations name it, as one text' }),
    type: z.string().meta({ description: 'A use of a root, or ChargingStationCertificate for the station\'s own' }),
    hash: z.object({ hashAlgorithm: z.enum(hashAlgorithms), issuerNameHash: z.string(), issuerKeyHash: z.string(), serialNumber: z.string() }).nullable(),
    serialNumber: text,
    certificate: text.meta({ description: 'PEM; null: the station has told its hashes, and nobody knows it' }),
    learntAt: isoTime,
    command: text,
    request: text.meta({ description: 'Of the station\'s own: the request that it was issued for' }),
    notAfter: time,
  })
  .meta({ id: 'StationCertificate' });
export type StationCertificate = z.infer<typeof stationCertificateSchema>;
export const stationCertificatePage = pageSchema('StationCertificatePage', stationCertificateSchema);

export const installBody = z
  .strictObject({
    type: rootUse,
    certificate: certificatePem.optional().meta({ description: 'PEM; or the id of an authority' }),
    authority: z.uuid().optional(),
    ...options,
  })
  .refine(({ certificate, authority }) => (certificate === undefined) !== (authority === undefined), 'either certificate or authority must be given')
  .meta({ id: 'InstallCertificate' });
export type InstallBody = z.output<typeof installBody>;

export const renewBody = z.strictObject({ type: z.enum(stationCertificateUses).default('ChargingStationCertificate'), ...options }).meta({ id: 'RenewCertificate' });
export type RenewBody = z.output<typeof renewBody>;

export const refreshBody = z.strictObject({ types: z.array(rootUse).min(1).optional(), ...options }).meta({ id: 'RefreshCertificates' });
export type RefreshBody = z.output<typeof refreshBody>;
export const refreshedSchema = listCertificatesCommand.answer.meta({ id: 'RefreshedCertificates' });
export const deleteQuery = z.strictObject({ timeoutSeconds: z.coerce.number().positive().max(600).default(30) });
