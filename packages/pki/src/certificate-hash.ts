import { Fault, type CertificateHash, type HashAlgorithm } from '@ohmnibus/domain';
import { parseCertificate, serialText } from './certificate.js';

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
