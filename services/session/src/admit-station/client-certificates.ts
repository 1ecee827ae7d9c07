import { X509Certificate } from 'node:crypto';
import type { ForwardedCertificate } from '@ohmnibus/contracts';
import type { Clock, StationRef } from '@ohmnibus/domain';
import type { Credentials } from './station-credentials.js';

/** Who is believed when it signs certificates of a tenant's stations. */
export interface TrustedAuthorities {
  of(tenant: string): Promise<readonly X509Certificate[]>;
}

/** OID of the extended key usage "TLS client". */
const tlsClient = '1.3.6.1.5.5.7.3.2';

/** Looks at client certificates: valid now, signed by an authority that is trusted, and this station's (whitepaper A00.FR.404 ff., P2 B01.FR.11). */
export class ClientCertificates {
  constructor(
    private readonly authorities: TrustedAuthorities,
    /** What O of the subject must be; undefined: anything. */
    private readonly organization: string | undefined,
    private readonly clock: Clock,
  ) {}

  /** In words that follow "asks for a client certificate, and"; undefined: it is good. */
  async problemWith({ der, verdict }: ForwardedCertificate, { tenant, station }: StationRef, { serialNumber }: Pick<Credentials, 'serialNumber'>): Promise<string | undefined> {
    const certificate = read(der);
    if (!certificate) return 'what was given cannot be read';
    const subject = nameOf(certificate);
    const given = `that of ${JSON.stringify(subject['CN'] ?? certificate.subject)}`;
    const now = this.clock.now();
    if (now < new Date(certificate.validFrom)) return `${given} is not valid before ${certificate.validFrom}`;
    if (now > new Date(certificate.validTo)) return `${given} has expired: it was valid until ${certificate.validTo}`;
    if (certificate.keyUsage && !certificate.keyUsage.includes(tlsClient)) return `${given} is not for TLS clients`;
    const authorities = await this.authorities.of(tenant);
    if (!authorities.some((authority) => signs(authority, certificate, now))) return `${given} was issued by ${oneLine(certificate.issuer)}, which is not trusted here`;
    if (verdict !== '' && verdict !== 'SUCCESS') return `the proxy says of ${given}: ${verdict}`;
    if (subject['CN'] !== station && (serialNumber === null || subject['CN'] !== serialNumber)) {
      return `${given} is neither for ${JSON.stringify(station)} nor for its serial number ${JSON.stringify(serialNumber)}`;
    }
    if (this.organization !== undefined && subject['O'] !== this.organization) return `${given} has the organization ${JSON.stringify(subject['O'] ?? null)} instead of ${JSON.stringify(this.organization)}`;
    return undefined;
  }
}

function read(der: Buffer): X509Certificate | undefined {
  try {
    return new X509Certificate(der);
  } catch {
    return undefined;
  }
}

function signs(authority: X509Certificate, certificate: X509Certificate, now: Date): boolean {
  if (!authority.ca || now < new Date(authority.validFrom) || now > new Date(authority.validTo)) return false;
  return certificate.checkIssued(authority) && certificate.verify(authority.publicKey);
}

/** The parts of the subject; one that is there twice, which would be a certificate for two, has no value here. */
function nameOf(certificate: X509Certificate): Readonly<Record<string, unknown>> {
  const { subject } = certificate.toLegacyObject() as { subject?: Record<string, unknown> };
  return subject ?? {};
}

function oneLine(name: string): string {
  return JSON.stringify(name.replaceAll('\n', ', '));
}
