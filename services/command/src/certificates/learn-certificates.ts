import { certificateDeleted, certificateDelivered, certificateInstalled, certificatesListed, Fault, type CertificateHash } from '@ohmnibus/domain';
import { certificateHash, readCertificate } from '@ohmnibus/pki';
import type { Findings } from '../findings/findings.js';
import type { CertificateStore } from './certificate-store.js';

/** What stations' answers tell of their certificates. */
export function learnCertificates(findings: Findings, store: CertificateStore): Findings {
  return findings
    .learn(certificateInstalled, async (circumstance, { use, certificate }) => {
      const hash = await hashOf(certificate, circumstance.tenant, store);
      // Without its name it cannot be told from others; the station will name it when it is asked what it has.
      if (hash) await store.installed(circumstance, use, hash, certificate);
    })
    .learn(certificateDeleted, (circumstance, { certificate }) => store.deleted(circumstance, certificate))
    .learn(certificatesListed, (circumstance, { use, certificates }) => store.listed(circumstance, use, certificates))
    .learn(certificateDelivered, (circumstance, { use, chain, accepted }) => store.delivered(circumstance, use, chain, accepted));
}

/** Undefined if the issuer is not known, or if a caller has sent something by hand that is no certificate. */
async function hashOf(pem: string, tenant: string, store: CertificateStore): Promise<CertificateHash | undefined> {
  try {
    const { selfIssued, issuer } = readCertificate(pem);
    if (selfIssued) return await certificateHash(pem);
    for (const candidate of await store.issuersNamed(tenant, issuer)) {
      const hash = await certificateHash(pem, candidate).catch(() => undefined);
      if (hash) return hash;
    }
    return undefined;
  } catch (error) {
    if (error instanceof Fault && error.code === 'bad-value') return undefined;
    throw error;
  }
}
