import { Fault } from '@ohmnibus/domain';
import { parseCertificate, serialText } from './certificate.js';

export const hashAlgorithms = ['SHA256', 'SHA384', 'SHA512'] as const;
export type HashAlgorithm = (typeof hashAlgorithms)[number];

/** How OCPP names a certificate (CertificateHashDataType): by its issuer, as in OCSP (RFC 6960, 4.1.1), and its serial number. Hexadecimal, lower case. */
export interface CertificateHash {
  readonly hashAlgorithm: HashAlgorithm;
  /** Of the issuer's name in DER. */
  readonly issuerNameHash: string;
  /** Of the issuer's public key: the content of the bit string, without tag, length and number of unused bits. */
  readonly issuerKeyHash: string;
  readonly serialNumber: string;
}

const digests = { SHA256: 'SHA-256', SHA384: 'SHA-384', SHA512: 'SHA-512' } as const;

/**
 * @param pem the certificate to name
 * @param issuerPem who issued it; may be left out of a root, which is its own issuer
 * Rejects with a Fault `bad-value` if something cannot be read, or if the issuer is another one.
 */
export async function certificateHash(pem: string, issuerPem: string = pem, hashAlgorithm: HashAlgorithm = 'SHA256'): Promise<CertificateHash> {
  const certificate = parseCertificate(pem);
  const issuer = parseCertificate(issuerPem);
  if (!certificate.native.checkIssued(issuer.native)) {
    throw new Fault('bad-value', `${certificate.facts.subject} was issued by ${certificate.facts.issuer}, not by ${issuer.facts.subject}`);
  }
  const [name, key] = await Promise.all([
    certificate.structure.issuerName.getThumbprint(digests[hashAlgorithm]),
    issuer.structure.publicKey.getKeyIdentifier(digests[hashAlgorithm]),
  ]);
  return {
    hashAlgorithm,
    issuerNameHash: Buffer.from(name).toString('hex'),
    issuerKeyHash: Buffer.from(key).toString('hex'),
    serialNumber: serialText(certificate.structure.serialNumber),
  };
}

/** The same certificate has the same text, however a station spells its hashes: usable as a key and in a URL. */
export function hashText({ hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber }: CertificateHash): string {
  return [hashAlgorithm, issuerNameHash.toLowerCase(), issuerKeyHash.toLowerCase(), serialText(serialNumber)].join('.');
}
