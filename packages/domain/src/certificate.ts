/** The roots that a station may be given, by what it checks with them; in the words of OCPP 2. */
export const rootCertificateUses = ['CSMSRootCertificate', 'ManufacturerRootCertificate', 'V2GRootCertificate', 'MORootCertificate'] as const;
export type RootCertificateUse = (typeof rootCertificateUses)[number];

/** The certificates of its own that a station asks for: for its connection to us, and for that to vehicles. */
export const stationCertificateUses = ['ChargingStationCertificate', 'V2GCertificate'] as const;
export type StationCertificateUse = (typeof stationCertificateUses)[number];

export const hashAlgorithms = ['SHA256', 'SHA384', 'SHA512'] as const;
export type HashAlgorithm = (typeof hashAlgorithms)[number];

/** How OCPP names a certificate (CertificateHashDataType): by its issuer, as in OCSP (RFC 6960, 4.1.1), and its serial number. Hexadecimal. */
export interface CertificateHash {
  readonly hashAlgorithm: HashAlgorithm;
  /** Of the issuer's name in DER. */
  readonly issuerNameHash: string;
  /** Of the issuer's public key: the content of the bit string, without tag, length and number of unused bits. */
  readonly issuerKeyHash: string;
  /** Without leading zeros. */
  readonly serialNumber: string;
}

/** The same certificate has the same text, however a station spells its hashes: usable as a key and in a URL. */
export function certificateHashText({ hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber }: CertificateHash): string {
  return [hashAlgorithm, issuerNameHash.toLowerCase(), issuerKeyHash.toLowerCase(), serialNumber.toLowerCase().replace(/^0+(?=.)/, '')].join('.');
}

/**
 * How a request of a station for a certificate stands. Open: `pending` (not yet signed), `signed` (on its way to the station). Ended: `refused`
 * (it may not be signed), `denied` (by an operator), `accepted`, `rejected` (by the station), `superseded` (by a newer one of the station), `expired`.
 */
export const certificateRequestStates = ['pending', 'signed', 'accepted', 'rejected', 'refused', 'denied', 'superseded', 'expired'] as const;
export type CertificateRequestState = (typeof certificateRequestStates)[number];
