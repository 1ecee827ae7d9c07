// The library looks for this when it is loaded.
import 'reflect-metadata';
import { randomBytes, webcrypto } from 'node:crypto';
import * as x509 from '@peculiar/x509';

x509.cryptoProvider.set(webcrypto as Crypto);

/** Both are PEM. The keys of tests are made when they run, and kept nowhere. */
export interface KeyedCertificate {
  readonly certificate: string;
  readonly key: string;
}

export type CertificateKey = 'rsa' | 'ecdsa';

export interface CertificateOrder {
  readonly commonName: string;
  readonly organization?: string;
  /** What TLS takes it for. Default a client's. */
  readonly use?: 'server' | 'client';
  readonly key?: CertificateKey;
  /** Days from now. Default from yesterday for a month. */
  readonly fromDay?: number;
  readonly toDay?: number;
}

const dayMs = 86_400_000;
const algorithms = {
  rsa: { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256', publicExponent: new Uint8Array([1, 0, 1]), modulusLength: 2048 },
  ecdsa: { name: 'ECDSA', namedCurve: 'P-256', hash: 'SHA-256' },
} as const;

/** An authority of a test's own, which signs whatever the test asks for: a certificate that has expired, for somebody else, for a server. */
export class TestAuthority {
  private constructor(
    /** Its own certificate, PEM. */
    readonly certificate: string,
    private readonly keys: CryptoKeyPair,
    private readonly key: CertificateKey,
    private readonly name: string,
  ) {}

  static async create(name: string, key: CertificateKey = 'ecdsa'): Promise<TestAuthority> {
    const keys = await newKeys(key);
    const certificate = await x509.X509CertificateGenerator.createSelfSigned({
      serialNumber: serialNumber(),
      name: nameOf(name),
      ...period(-2, 365),
      signingAlgorithm: algorithms[key],
      keys,
      extensions: [new x509.BasicConstraintsExtension(true, undefined, true), new x509.KeyUsagesExtension(x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign, true)],
    });
    return new TestAuthority(certificate.toString('pem'), keys, key, name);
  }

  /** Servers are reached at 127.0.0.1 and localhost. */
  async issue({ commonName, organization, use = 'client', key = 'ecdsa', fromDay = -1, toDay = 30 }: CertificateOrder): Promise<KeyedCertificate> {
    const keys = await newKeys(key);
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: serialNumber(),
      subject: nameOf(commonName, organization),
      issuer: nameOf(this.name),
      ...period(fromDay, toDay),
      publicKey: keys.publicKey,
      signingKey: this.keys.privateKey,
      signingAlgorithm: algorithms[this.key],
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(x509.KeyUsageFlags.digitalSignature | x509.KeyUsageFlags.keyEncipherment, true),
        new x509.ExtendedKeyUsageExtension([use === 'server' ? x509.ExtendedKeyUsage.serverAuth : x509.ExtendedKeyUsage.clientAuth]),
        ...(use === 'server' ? [new x509.SubjectAlternativeNameExtension([{ type: 'ip', value: '127.0.0.1' }, { type: 'dns', value: 'localhost' }])] : []),
      ],
    });
    const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey)).toString('base64');
    return { certificate: certificate.toString('pem'), key: `-----BEGIN PRIVATE KEY-----\n${pkcs8.replaceAll(/.{64}/g, '$&\n')}\n-----END PRIVATE KEY-----\n` };
  }
}

function newKeys(key: CertificateKey): Promise<CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithms[key], true, ['sign', 'verify']);
}

function nameOf(commonName: string, organization?: string): x509.JsonName {
  return [{ CN: [commonName] }, ...(organization === undefined ? [] : [{ O: [organization] }])];
}

function period(fromDay: number, toDay: number): { notBefore: Date; notAfter: Date } {
  const day = (days: number) => new Date(Date.now() + days * dayMs);
  return { notBefore: day(fromDay), notAfter: day(toDay) };
}

/** Positive, without a leading zero. */
function serialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return bytes.toString('hex');
}
