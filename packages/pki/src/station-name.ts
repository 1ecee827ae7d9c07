import type { StationRef } from '@ohmnibus/domain';
import type { ParsedCertificate } from './certificate.js';
import { x509 } from './x509.js';

/** A common name may be a serial number that two stations claim; this says for whom we have made a certificate. */
const prefix = 'urn:ohmnibus:station:';

/** The name of a station in the certificates that we issue, a URI among the subject's alternative names. */
export function stationUri({ tenant, station }: StationRef): string {
  return `${prefix}${encodeURIComponent(tenant)}:${encodeURIComponent(station)}`;
}

/** The stations that a certificate names in that way: none in a certificate of somebody else's. */
export function stationUris({ structure }: ParsedCertificate): string[] {
  const names = structure.getExtension(x509.SubjectAlternativeNameExtension)?.names.items ?? [];
  return names.flatMap(({ type, value }) => (type === 'url' && value.startsWith(prefix) ? [value] : []));
}
