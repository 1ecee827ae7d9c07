import { securityProfiles } from '@ohmnibus/domain';
import { z } from 'zod';
import { question } from './contract.js';

/** A name that somebody gives: not empty, no control characters. */
export const plainId = (what: string, max: number) =>
  z
    .string()
    .min(1, `${what} must not be empty`)
    .max(max, `${what} has at most ${max} characters`)
    // eslint-disable-next-line no-control-regex -- control characters are what is refused here
    .regex(/^[^\u0000-\u001f\u007f]*$/, `${what} must not contain control characters`);

/** 48 characters: the longest identity that OCPP 2 allows; a colon would end the name in Basic credentials. */
export const stationId = plainId('a station id', 48).refine((id) => !id.includes(':'), 'a station id must not contain a colon');
export const tokenValue = plainId('a token', 36);

/** Basic credentials: 2.x asks for 16 to 40 characters; older stations in the field have shorter ones. */
export const stationPassword = z.string().min(8, 'a password has at least 8 characters').max(40, 'a password has at most 40 characters');

/** 0 to 3, see the domain. */
export const securityProfile = z.literal(securityProfiles);

/** A common name (RFC 5280). */
export const certificateName = plainId('a certificate name', 64);

export const putStation = question({
  subject: 'session.station.put',
  question: z.object({
    tenant: z.string(),
    station: stationId,
    /** Null: none is asked for. */
    password: stationPassword.nullish(),
    /** Null: what the station has decides. */
    securityProfile: securityProfile.nullish(),
    /** What its client certificates may name beside its id; null: nothing. */
    certificateName: certificateName.nullish(),
  }),
  answer: z.object({ created: z.boolean() }),
  timeoutMs: 5_000,
});

export const deleteStation = question({
  subject: 'session.station.delete',
  question: z.object({ tenant: z.string(), station: z.string() }),
  answer: z.object({ deleted: z.boolean() }),
  timeoutMs: 5_000,
});
