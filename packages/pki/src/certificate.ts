import { createHash, createPrivateKey, type KeyObject, X509Certificate } from 'node:crypto';
import { Fault } from '@ohmnibus/domain';
import { certificateDer, pemOf } from './pem.js';
import { x509 } from './x509.js';

/** What a certificate says. */
export interface CertificateFacts {
  readonly pem: string;
  /** The subject as RFC 4514 text. */
  readonly subject: string;
  readonly issuer: string;
  readonly commonName: string | undefined;
  readonly organization: string | undefined;
  /** Hexadecimal, lower case, without leading zeros. */
  readonly serialNumber: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
  /** SHA-256 of the whole certificate, hexadecimal, lower case. */
  readonly fingerprint: string;
  /** Whether it may sign other certificates. */
  readonly authority: boolean;
  /** Subject and issuer are one, as of a root. */
  readonly selfIssued: boolean;
}

/** A certificate in both readings: the structure, and what OpenSSL makes of it. */
export interface ParsedCertificate {
  readonly facts: CertificateFacts;
  readonly structure: x509.X509Certificate;
  readonly native: X509Certificate;
}

/** Reads the first certificate of a PEM text; throws a Fault `bad-value` if it is none. */
export function readCertificate(pem: string): CertificateFacts {
  return parseCertificate(pem).facts;
}

export function parseCertificate(pem: string): ParsedCertificate {
  const der = certificateDer(pem);
  try {
    const structure = new x509.X509Certificate(der);
    const native = new X509Certificate(der);
    const facts = {
      pem: pemOf('CERTIFICATE', der),
      subject: structure.subject,
      issuer: structure.issuer,
      commonName: onlyField(structure.subjectName, 'CN'),
      organization: onlyField(structure.subjectName, 'O'),
      serialNumber: serialText(structure.serialNumber),
      notBefore: structure.notBefore,
      notAfter: structure.notAfter,
      fingerprint: createHash('sha256').update(der).digest('hex'),
      authority: native.ca,
      selfIssued: Buffer.from(structure.subjectName.toArrayBuffer()).equals(Buffer.from(structure.issuerName.toArrayBuffer())),
    };
    return { facts, structure, native };
  } catch (error) {
    throw new Fault('bad-value', `the certificate cannot be read: ${error instanceof Error ? error.message : String(error)}`, {}, { cause: error });
  }
}

/** Whether a private key, PEM, is that of the first certificate of a PEM text. */
export function keyBelongsTo(privateKey: string, pem: string): boolean {
  return parseCertificate(pem).native.checkPrivateKey(createPrivateKey(privateKey));
}

/** The one value of a part of a name; undefined if there is none. Two of them would be a certificate for two. */
export function onlyField(name: x509.Name, field: 'CN' | 'O'): string | undefined {
  const values = name.getField(field);
  if (values.length > 1) throw new Fault('bad-value', `the subject has ${values.length} ${field}`);
  return values[0];
}

/** As OCPP has it: hexadecimal without leading zeros. */
export function serialText(hex: string): string {
  return hex.toLowerCase().replace(/^0+(?=.)/, '');
}

/** What a public key is, in words, and whether it is strong enough for a station: RSA of 2048 bits or more, ECDSA of 256 or more. */
export function describeKey(key: KeyObject): { readonly text: string; readonly strong: boolean } {
  const { modulusLength = 0, namedCurve = '' } = key.asymmetricKeyDetails ?? {};
  if (key.asymmetricKeyType === 'rsa') return { text: `RSA ${modulusLength}`, strong: modulusLength >= 2048 };
  if (key.asymmetricKeyType === 'ec') return { text: `ECDSA ${namedCurve}`, strong: Number(/\d{3}/.exec(namedCurve)?.[0] ?? 0) >= 256 };
  return { text: key.asymmetricKeyType ?? 'unknown', strong: false };
}
