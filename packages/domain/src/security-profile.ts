/**
 * How securely a station connects, in the numbers of OCPP (whitepaper 1.6 table 1, P2 A00): 0: without any proof of who it is; 1: with a
 * password; 2: with a password over TLS; 3: with a client certificate over TLS.
 */
export const securityProfiles = [0, 1, 2, 3] as const;
export type SecurityProfile = (typeof securityProfiles)[number];

export function isSecurityProfile(value: unknown): value is SecurityProfile {
  return (securityProfiles as readonly unknown[]).includes(value);
}

/**
 * What a station must connect with at least.
 * @param set what was set for it, or what it rose to; null: nothing
 * @param least what the configuration asks of stations for which nothing is set
 */
export function requiredProfile(set: SecurityProfile | null, hasPassword: boolean, least: SecurityProfile): SecurityProfile {
  if (set !== null) return set;
  return hasPassword && least === 0 ? 1 : least;
}
