import type { ParsedCertificate } from './certificate.js';
import { x509 } from './x509.js';

export type ChainRefusal = 'not-yet-valid' | 'expired' | 'unknown-authority' | 'not-understood';

export type ChainVerdict = { readonly trusted: true; readonly authority: ParsedCertificate } | { readonly trusted: false; readonly refusal: ChainRefusal; readonly detail: string };

/** More than any real chain has. */
const longest = 8;

/** Critical extensions that are looked at here, or that say nothing against a use. A certificate with another one must be refused (RFC 5280, 4.2). */
const understood = new Set(['2.5.29.15', '2.5.29.17', '2.5.29.19', '2.5.29.37']);

/**
 * Whether a certificate was signed, directly or through others, by one of the authorities that are trusted, and everything on the way is
 * valid now (RFC 5280, chapter 6, without policies and name constraints: a chain that needs them is refused). An authority is trusted as it
 * is: it may be a root or one below.
 */
export function checkChain(leaf: ParsedCertificate, between: readonly ParsedCertificate[], trusted: readonly ParsedCertificate[], now: Date): ChainVerdict {
  let refusal: ChainVerdict = { trusted: false, refusal: 'unknown-authority', detail: `${leaf.facts.issuer} is not trusted` };
  const walk = (certificate: ParsedCertificate, below: number): ChainVerdict | undefined => {
    const objection = objectionTo(certificate, now);
    if (objection) {
      refusal = objection;
      return undefined;
    }
    const anchor = trusted.find((candidate) => issued(candidate, certificate, below));
    if (anchor) {
      const late = objectionTo(anchor, now);
      if (!late) return { trusted: true, authority: anchor };
      refusal = late;
      return undefined;
    }
    if (below >= longest) return undefined;
    for (const candidate of between) {
      if (candidate.facts.fingerprint === certificate.facts.fingerprint || !issued(candidate, certificate, below)) continue;
      const verdict = walk(candidate, below + 1);
      if (verdict) return verdict;
    }
    return undefined;
  };
  return walk(leaf, 0) ?? refusal;
}

/** @param below certificates of authorities between this one and the leaf */
function issued(issuer: ParsedCertificate, certificate: ParsedCertificate, below: number): boolean {
  const limits = issuer.structure.getExtension(x509.BasicConstraintsExtension);
  if (!limits?.ca || (limits.pathLength !== undefined && limits.pathLength < below)) return false;
  const usages = issuer.structure.getExtension(x509.KeyUsagesExtension)?.usages;
  if (usages !== undefined && (usages & x509.KeyUsageFlags.keyCertSign) === 0) return false;
  return certificate.native.checkIssued(issuer.native) && certificate.native.verify(issuer.native.publicKey);
}

function objectionTo({ facts, structure }: ParsedCertificate, now: Date): ChainVerdict | undefined {
  const no = (refusal: ChainRefusal, detail: string): ChainVerdict => ({ trusted: false, refusal, detail });
  if (facts.notBefore > now) return no('not-yet-valid', `${facts.subject} is valid from ${facts.notBefore.toISOString()}`);
  if (facts.notAfter < now) return no('expired', `${facts.subject} was valid until ${facts.notAfter.toISOString()}`);
  const odd = structure.extensions.find(({ critical, type }) => critical && !understood.has(type));
  return odd && no('not-understood', `${facts.subject} has the critical extension ${odd.type}`);
}
