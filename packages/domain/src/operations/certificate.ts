import type { CertificateHash, RootCertificateUse, StationCertificateUse } from '../certificate.js';
import type { Origin } from '../station.js';
import type { Flag } from './transaction.js';
import { finding } from './finding.js';
import { ask, operation } from './operation.js';

export interface CertificateRequestReport {
  readonly origin: Origin;
  /** PKCS#10, as the station spells it. */
  readonly request: string;
  readonly use: StationCertificateUse;
}

/** The station asks for a certificate. Accepted means that the request is kept and may be signed; the certificate comes later. */
export const requestCertificate = operation<CertificateRequestReport, { readonly accepted: boolean }>('requestCertificate', 'session');

export interface SecurityEventReport {
  readonly origin: Origin;
  /** In the words of OCPP 2, where the standard has one. */
  readonly type: string;
  /** In the station's own word. */
  readonly reported: string;
  /** By the station's clock. */
  readonly at: Date;
  readonly info?: string;
  readonly flags?: readonly Flag[];
}

/** Something happened that concerns the station's security. */
export const recordSecurityEvent = operation<SecurityEventReport, Record<string, never>>('recordSecurityEvent', 'session');

/** What a station asked for: its certificate and those between it and the root, PEM. */
export interface CertificateDelivery {
  readonly chain: string;
  readonly use: StationCertificateUse;
}

/** The station is given the certificate that it asked for. */
export const deliverCertificate = ask<CertificateDelivery>('deliverCertificate');

export interface RootCertificate {
  readonly use: RootCertificateUse;
  /** PEM. */
  readonly certificate: string;
}

/** The station is to trust a root. */
export const installCertificate = ask<RootCertificate>('installCertificate');

/** The station is to forget a root. */
export const deleteCertificate = ask<{ readonly certificate: CertificateHash }>('deleteCertificate');

/** The station is to tell which roots it has. */
export const listCertificates = ask<{ readonly use: RootCertificateUse }>('listCertificates');

/** A station took the certificate that it was given, or did not. */
export const certificateDelivered = finding<CertificateDelivery & { readonly accepted: boolean }>('certificateDelivered');

/** A station has a root now. */
export const certificateInstalled = finding<RootCertificate>('certificateInstalled');

/** A station does not have a root, or no longer. */
export const certificateDeleted = finding<{ readonly certificate: CertificateHash }>('certificateDeleted');

/** A station has these roots for a use, and no others. */
export const certificatesListed = finding<{ readonly use: RootCertificateUse; readonly certificates: readonly CertificateHash[] }>('certificatesListed');
