import { asFault, type StationRef } from '@ohmnibus/domain';
import { parseCertificate, type CertificateFacts, type ParsedCertificate } from './certificate.js';
import { checkChain, type ChainRefusal } from './check-chain.js';
import { splitChain } from './pem.js';
import { stationUri, stationUris } from './station-name.js';
import { x509 } from './x509.js';

/** The station that a client says it is. */
export interface ClaimedStation extends StationRef {
  /** As the operator has configured it, never as the station has told it. */
  readonly serialNumber?: string | null | undefined;
}

export type ClientRefusal = ChainRefusal | 'unreadable' | 'wrong-purpose' | 'wrong-station' | 'wrong-organization';

export type ClientVerdict =
  | { readonly accepted: true; readonly certificate: CertificateFacts }
  | { readonly accepted: false; readonly refusal: ClientRefusal; readonly detail: string };

const no = (refusal: ClientRefusal, detail: string): ClientVerdict => ({ accepted: false, refusal, detail });

/** Checks what stations present in TLS (security profile 3) against the authorities of their tenant. */
export class ClientCertificates {
  private readonly trusted: readonly ParsedCertificate[];

  /**
   * @param authorities PEM, each one certificate
   * @param organization what the subject's O must be, if anything
   * Throws a Fault `bad-value` if one of the authorities cannot be read.
   */
  constructor(
    authorities: readonly string[],
    private readonly organization?: string,
  ) {
    this.trusted = authorities.map(parseCertificate);
  }

  /**
   * Whether this is the certificate of this station, now. One that we have issued names its station in full, and no other name counts; of
   * another authority's, the common name is the identity or the configured serial number.
   * @param chain the station's certificate and, if it sent them, those between it and an authority; PEM
   */
  check(chain: string, station: ClaimedStation, now: Date): ClientVerdict {
    let certificates: ParsedCertificate[];
    try {
      certificates = splitChain(chain).map(parseCertificate);
    } catch (error) {
      return no('unreadable', asFault(error).message);
    }
    const [leaf, ...between] = certificates as [ParsedCertificate, ...ParsedCertificate[]];
    const verdict = checkChain(leaf, between, this.trusted, now);
    if (!verdict.trusted) return no(verdict.refusal, verdict.detail);
    return purposeRefusal(leaf) ?? this.subjectRefusal(leaf, station) ?? { accepted: true, certificate: leaf.facts };
  }

  private subjectRefusal(leaf: ParsedCertificate, station: ClaimedStation): ClientVerdict | undefined {
    const { commonName, organization, subject } = leaf.facts;
    const names = stationUris(leaf);
    const its = names.length > 0 ? names.includes(stationUri(station)) : [station.station, station.serialNumber].includes(commonName ?? null);
    if (!its) return no('wrong-station', `the certificate is for ${names[0] ?? subject}, not for station ${station.station}`);
    if (this.organization !== undefined && organization !== this.organization) {
      return no('wrong-organization', `the certificate's organization is ${JSON.stringify(organization ?? '')}, not ${JSON.stringify(this.organization)}`);
    }
    return undefined;
  }
}

/** No extension about it means that anything is allowed. */
function purposeRefusal({ facts, structure }: ParsedCertificate): ClientVerdict | undefined {
  if (facts.authority) return no('wrong-purpose', `${facts.subject} is an authority, not a station`);
  const extended = structure.getExtension(x509.ExtendedKeyUsageExtension)?.usages;
  const usages = structure.getExtension(x509.KeyUsagesExtension)?.usages;
  const { clientAuth } = x509.ExtendedKeyUsage;
  if (extended && !extended.includes(clientAuth) && !extended.includes('2.5.29.37.0')) return no('wrong-purpose', `${facts.subject} is not for clients`);
  if (usages !== undefined && (usages & x509.KeyUsageFlags.digitalSignature) === 0) return no('wrong-purpose', `${facts.subject} is not for signatures`);
  return undefined;
}
