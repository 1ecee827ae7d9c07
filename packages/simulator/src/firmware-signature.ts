import { constants, createVerify, X509Certificate } from 'node:crypto';
import type { Verify } from 'node:crypto';

/** What an image is signed by, as the CSMS gives it. */
export interface FirmwareSignature {
  /** PEM. */
  readonly signingCertificate: string;
  /** Base64. */
  readonly signature: string;
}

/** Undefined for what is no certificate, or none that holds at this time. A station of this kind trusts every issuer. */
export function readCertificate(pem: string, now: number): X509Certificate | undefined {
  try {
    const certificate = new X509Certificate(pem);
    const holds = Date.parse(certificate.validFrom) <= now && now <= Date.parse(certificate.validTo);
    return holds ? certificate : undefined;
  } catch {
    return undefined;
  }
}

/** Checks an image while it comes in: RSA (PSS, as the whitepaper wants, or PKCS #1) or ECDSA, over SHA-256. */
export class SignatureCheck {
  private readonly ways: { readonly verify: Verify; readonly padding: number | undefined }[];

  constructor(private readonly certificate: X509Certificate) {
    const rsa = certificate.publicKey.asymmetricKeyType?.startsWith('rsa') ?? false;
    const paddings = rsa ? [constants.RSA_PKCS1_PSS_PADDING, constants.RSA_PKCS1_PADDING] : [undefined];
    this.ways = paddings.map((padding) => ({ verify: createVerify('sha256'), padding }));
  }

  update(bytes: Uint8Array): void {
    for (const { verify } of this.ways) verify.update(bytes);
  }

  /** @param signature Base64 */
  holds(signature: string): boolean {
    const key = this.certificate.publicKey;
    return this.ways.some(({ verify, padding }) => {
      try {
        return verify.verify({ key, ...(padding !== undefined && { padding }) }, signature, 'base64');
      } catch {
        return false;
      }
    });
  }
}
