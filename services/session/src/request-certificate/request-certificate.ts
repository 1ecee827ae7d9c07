import { type CertificateRequestReport, type Clock, type StationRef } from '@ohmnibus/domain';
import { checkRequest, requestDigest, type RequestVerdict } from '@ohmnibus/pki';
import type { Log } from '@ohmnibus/runtime';
import { createHash } from 'node:crypto';
import type { RequestStore } from './request-store.js';

/** Which common names a station may ask for. */
export const subjectRules = ['either', 'identity', 'serial-number'] as const;
export type SubjectNames = (typeof subjectRules)[number];

export interface RequestRules {
  readonly names: SubjectNames;
  readonly organization: string | undefined;
  /** Signed without anybody's leave. */
  readonly automatic: boolean;
  /** How long a request may wait for its certificate to arrive. */
  readonly hours: number;
  /** How many of a station are looked at within a day: each may become a certificate, which is kept for good. */
  readonly perDay: number;
}

/**
 * A station must have read our answer before the certificate comes: the two directions of a connection are independent, and there are
 * stations that expect an answer before anything else.
 */
const settleMs = 1_000;

/** A station asks for a certificate. What may be signed is kept for the signing queue and accepted; what may not is kept with the reason and rejected. */
export class RequestCertificate {
  constructor(
    private readonly requests: RequestStore,
    private readonly rules: RequestRules,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  async run({ origin, request, use }: CertificateRequestReport): Promise<{ readonly accepted: boolean }> {
    const verdict = await this.check(request, origin);
    const now = this.clock.now();
    const kept = await this.requests.keep({
      origin,
      use,
      digest: digestOf(request),
      verdict: verdict.accepted ? verdict : { ...verdict, pem: request },
      approved: this.rules.automatic,
      requestedAt: now,
      expiresAt: new Date(now.getTime() + this.rules.hours * 3_600_000),
      nextAttemptAt: new Date(now.getTime() + settleMs),
      mostPerDay: this.rules.perDay,
    });
    const reason = kept === 'too-many' ? `the station has sent ${this.rules.perDay} requests within a day` : verdict.accepted ? undefined : verdict.reason;
    if (reason !== undefined) this.log.warn('certificate-request-refused', { tenant: origin.tenant, station: origin.station, reason });
    return { accepted: kept === 'kept' };
  }

  private async check(request: string, station: StationRef): Promise<RequestVerdict> {
    const { names, organization } = this.rules;
    const serialNumber = await this.requests.serialNumberOf(station);
    if (serialNumber === undefined) return { accepted: false, reason: 'there is no such station any more' };
    const identity = names === 'serial-number' ? [] : [station.station];
    const serial = names === 'identity' || serialNumber === null ? [] : [serialNumber];
    const verdict = await checkRequest(request, { commonNames: [...new Set([...identity, ...serial])], organization });
    // A station tells its own serial number: with somebody else's it would get somebody else's certificate.
    if (!verdict.accepted || !(await this.requests.isClaimed(station, verdict.commonName))) return verdict;
    return { accepted: false, reason: `another station has the name or the serial number ${JSON.stringify(verdict.commonName)} as well` };
  }
}

/** Of what cannot be read, the text stands for itself. */
function digestOf(request: string): string {
  try {
    return requestDigest(request);
  } catch {
    return createHash('sha256').update(request).digest('hex');
  }
}
