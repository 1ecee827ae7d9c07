import { certificateRequestStates, hashAlgorithms, rootCertificateUses, stationCertificateUses } from '@ohmnibus/domain';
import { z } from 'zod';
import { commandAnswer, orderFields } from './command.js';
import { partOutcome } from './configuration.js';
import { question } from './contract.js';

const answerTimeoutMs = 630_000;

const pem = (what: string, max: number) =>
  z
    .string()
    .max(max, `${what} has at most ${max} characters`)
    .refine((text) => !text.includes('\0'), `${what} must not contain NUL`);

/** The longest that a station takes. */
export const certificatePem = pem('a certificate', 5_500);
export const certificateChain = pem('a chain', 10_000);
export const rootCertificateUse = z.enum(rootCertificateUses);
const hex = (max: number) => z.string().regex(/^[0-9A-Fa-f]+$/, 'must be hexadecimal').max(max);
/** The name of a certificate, spelled as the station spells it. */
export const certificateHash = z.object({ hashAlgorithm: z.enum(hashAlgorithms), issuerNameHash: hex(128), issuerKeyHash: hex(128), serialNumber: hex(40) });

/** Gives a station the certificate that it asked for. */
export const deliverCertificateCommand = question({
  subject: 'csms.command.deliver-certificate',
  question: z.object({ ...orderFields, chain: certificateChain, use: z.enum(stationCertificateUses) }),
  answer: commandAnswer,
  timeoutMs: answerTimeoutMs,
});
export type DeliverCertificateCommand = z.infer<typeof deliverCertificateCommand.question>;

/** Has a station ask for a new certificate of its own; it comes as a request of the station's, and is signed like any other. */
export const renewCertificateCommand = question({
  subject: 'csms.command.renew-certificate',
  question: z.object({ ...orderFields, use: z.enum(stationCertificateUses).default('ChargingStationCertificate') }),
  answer: commandAnswer,
  timeoutMs: answerTimeoutMs,
});
export type RenewCertificateCommand = z.infer<typeof renewCertificateCommand.question>;

/** Has a station trust a root. */
export const installCertificateCommand = question({
  subject: 'csms.command.install-certificate',
  question: z.object({ ...orderFields, use: rootCertificateUse, certificate: certificatePem }),
  answer: commandAnswer,
  timeoutMs: answerTimeoutMs,
});
export type InstallCertificateCommand = z.infer<typeof installCertificateCommand.question>;

/** Has a station forget a root. */
export const deleteCertificateCommand = question({
  subject: 'csms.command.delete-certificate',
  question: z.object({ ...orderFields, certificate: certificateHash }),
  answer: commandAnswer,
  timeoutMs: answerTimeoutMs,
});
export type DeleteCertificateCommand = z.infer<typeof deleteCertificateCommand.question>;

/** Asks a station which roots it has, use by use: without uses, for all that its version knows. What it answers is learnt. */
export const listCertificatesCommand = question({
  subject: 'csms.command.list-certificates',
  question: z.object({ ...orderFields, uses: z.array(rootCertificateUse).min(1).optional() }),
  answer: z.object({ state: commandAnswer.shape.state, uses: z.array(partOutcome.extend({ use: rootCertificateUse })) }),
  timeoutMs: answerTimeoutMs,
});
export type ListCertificatesCommand = z.infer<typeof listCertificatesCommand.question>;
export type ListCertificatesAnswer = z.infer<typeof listCertificatesCommand.answer>;

/** An operator's word on a request that waits: have it signed, refuse it, or here is the certificate. */
export const requestDecision = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('approve') }),
  z.object({ kind: z.literal('deny'), reason: z.string().min(1).max(500).optional() }),
  z.object({ kind: z.literal('certificate'), chain: pem('a chain', 20_000) }),
]);
export type RequestDecision = z.infer<typeof requestDecision>;

/** Answered with `conflict` if the request does not wait any more. */
export const decideCertificateRequest = question({
  subject: 'session.certificate-request.decide',
  question: z.object({ tenant: z.string(), id: z.uuid(), by: z.string(), decision: requestDecision }),
  answer: z.object({ state: z.enum(certificateRequestStates) }),
  timeoutMs: 5_000,
});
export type DecideCertificateRequest = z.infer<typeof decideCertificateRequest.question>;

/** Takes back a certificate: it is no longer believed at the door, and the station's connection is closed. */
export const revokeCertificate = question({
  subject: 'session.certificate-request.revoke',
  question: z.object({ tenant: z.string(), id: z.uuid() }),
  answer: z.object({ revoked: z.boolean() }),
  timeoutMs: 5_000,
});

/** What an authority is kept for: its stations are believed at the door, or it is a root for stations. */
export const authorityPurposes = ['Station', ...rootCertificateUses] as const;

export const addCertificateAuthority = question({
  subject: 'session.certificate-authority.add',
  question: z.object({ tenant: z.string(), purpose: z.enum(authorityPurposes), certificate: certificatePem }),
  answer: z.object({ id: z.string(), created: z.boolean() }),
  timeoutMs: 5_000,
});
export type AddCertificateAuthority = z.infer<typeof addCertificateAuthority.question>;

export const removeCertificateAuthority = question({
  subject: 'session.certificate-authority.remove',
  question: z.object({ tenant: z.string(), id: z.uuid() }),
  answer: z.object({ removed: z.boolean() }),
  timeoutMs: 5_000,
});
