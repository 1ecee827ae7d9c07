import { createPublicKey } from 'node:crypto';
import { asFault } from '@ohmnibus/domain';
import { describeKey, onlyField } from './certificate.js';
import { pemOf, requestDer } from './pem.js';
import { x509 } from './x509.js';

/** What a station's certificate must say. */
export interface SubjectRule {
  /** Any of them may be the common name: the station's identity, its serial number. */
  readonly commonNames: readonly string[];
  /** Absent: any organization, or none. */
  readonly organization?: string | undefined;
}

/** A PKCS#10 request that may be signed. */
export interface CheckedRequest {
  readonly pem: string;
  readonly commonName: string;
  readonly organization: string | undefined;
  /** In words, such as `ECDSA prime256v1`. */
  readonly key: string;
}

export type RequestVerdict = ({ readonly accepted: true } & CheckedRequest) | { readonly accepted: false; readonly reason: string };

const refused = (reason: string): RequestVerdict => ({ accepted: false, reason });

/**
 * Whether a certificate may be made of a request: it can be read, whoever sent it has the key, the key is strong enough, and the subject is
 * the station's.
 */
export async function checkRequest(text: string, rule: SubjectRule): Promise<RequestVerdict> {
  try {
    const request = new x509.Pkcs10CertificateRequest(requestDer(text));
    const key = describeKey(createPublicKey({ key: Buffer.from(request.publicKey.rawData), format: 'der', type: 'spki' }));
    if (!key.strong) return refused(`the key is ${key.text}; RSA of 2048 bits or ECDSA of 256 bits is the least`);
    if (!(await verified(request))) return refused('the signature is not of the key in the request');
    const commonName = onlyField(request.subjectName, 'CN');
    const organization = onlyField(request.subjectName, 'O');
    if (commonName === undefined) return refused('the subject has no common name');
    if (!rule.commonNames.includes(commonName)) {
      return refused(`the common name is ${JSON.stringify(commonName)}; it must be ${rule.commonNames.map((name) => JSON.stringify(name)).join(' or ')}`);
    }
    if (rule.organization !== undefined && organization !== rule.organization) {
      return refused(`the organization is ${JSON.stringify(organization ?? '')}; it must be ${JSON.stringify(rule.organization)}`);
    }
    return { accepted: true, pem: pemOf('CERTIFICATE REQUEST', new Uint8Array(request.rawData)), commonName, organization, key: key.text };
  } catch (error) {
    return refused(`the request cannot be read: ${asFault(error).message}`);
  }
}

/** An algorithm that nobody here knows proves nothing. */
async function verified(request: x509.Pkcs10CertificateRequest): Promise<boolean> {
  try {
    return await request.verify();
  } catch {
    return false;
  }
}
