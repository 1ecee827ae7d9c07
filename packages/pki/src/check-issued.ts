import { createHash } from 'node:crypto';
import { Fault } from '@ohmnibus/domain';
import { parseCertificate, type CertificateFacts } from './certificate.js';
import { requestDer, splitChain } from './pem.js';
import { x509 } from './x509.js';

/** The longest chain that a 1.6 or 2.x message holds, in characters. */
export const maxChainLength = 10_000;

/**
 * What somebody says is the answer to a request: its certificate first, each of the others the issuer of the one before. Throws a Fault
 * `bad-value` if it is not, or is too long for a station.
 * @returns the station's certificate, and the chain as it goes to the station: without the root, which is known there or not trusted
 */
export function checkIssuedChain(text: string, requestPem: string, now: Date): { readonly certificate: CertificateFacts; readonly chain: string } {
  const certificates = splitChain(text).map(parseCertificate);
  const [leaf] = certificates;
  const request = new x509.Pkcs10CertificateRequest(requestDer(requestPem));
  const asked = Buffer.from(request.publicKey.rawData);
  if (!leaf || !asked.equals(leaf.native.publicKey.export({ format: 'der', type: 'spki' }))) {
    throw new Fault('bad-value', 'the first certificate is not for the key of the request');
  }
  for (const [i, certificate] of certificates.entries()) {
    const issuer = certificates[i + 1];
    if (issuer && !(certificate.native.checkIssued(issuer.native) && certificate.native.verify(issuer.native.publicKey))) {
      throw new Fault('bad-value', `${certificate.facts.subject} was not issued by the certificate after it, ${issuer.facts.subject}`);
    }
    if (certificate.facts.notAfter <= now) throw new Fault('bad-value', `${certificate.facts.subject} was valid until ${certificate.facts.notAfter.toISOString()}`);
  }
  const chain = certificates.flatMap(({ facts }, i) => (i > 0 && facts.selfIssued ? [] : [facts.pem])).join('');
  if (chain.length > maxChainLength) throw new Fault('too-large', `the chain has ${chain.length} characters, and a station takes ${maxChainLength}`);
  return { certificate: leaf.facts, chain };
}

/** What tells one request from another: SHA-256 of its DER, hexadecimal. */
export function requestDigest(text: string): string {
  return createHash('sha256').update(requestDer(text)).digest('hex');
}
