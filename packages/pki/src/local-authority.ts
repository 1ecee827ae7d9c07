import { createPrivateKey, randomBytes } from 'node:crypto';
import { Fault, type Clock } from '@ohmnibus/domain';
import { parseCertificate, type ParsedCertificate } from './certificate.js';
import type { CertificateAuthority, SigningRequest } from './certificate-authority.js';
import { generateKey, signingKeys, type KeyType } from './keys.js';
import { pemOf, requestDer, splitChain } from './pem.js';
import { stationUri } from './station-name.js';
import { x509 } from './x509.js';

const dayMs = 86_400_000;
/** Clocks of stations go wrong; a certificate that begins tomorrow is none. */
const backdatedMs = dayMs;

/** An authority as it is kept: both are PEM. */
export interface AuthorityMaterial {
  /** Its certificate, and after it those up to the root, if it is no root itself. */
  readonly certificate: string;
  readonly privateKey: string;
}

/** Makes a root that signs certificates of stations and nothing else. */
export async function createRootAuthority(options: {
  readonly name: string;
  readonly organization?: string | undefined;
  readonly keyType: KeyType;
  readonly days: number;
  readonly now: Date;
}): Promise<AuthorityMaterial> {
  const privateKey = await generateKey(options.keyType);
  const { keys, algorithm } = await signingKeys(privateKey);
  const { KeyUsageFlags: usage } = x509;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    serialNumber: newSerialNumber(),
    name: subject(options.name, options.organization),
    notBefore: new Date(options.now.getTime() - backdatedMs),
    notAfter: new Date(options.now.getTime() + options.days * dayMs),
    signingAlgorithm: algorithm,
    keys,
    extensions: [
      new x509.BasicConstraintsExtension(true, 0, true),
      new x509.KeyUsagesExtension(usage.keyCertSign | usage.cRLSign, true),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey),
    ],
  });
  return { certificate: pemOf('CERTIFICATE', new Uint8Array(certificate.rawData)), privateKey };
}

/** Signs with a key that it holds itself. */
export class LocalAuthority implements CertificateAuthority {
  private readonly issuer: ParsedCertificate;
  private readonly between: readonly string[];
  private readonly keys: ReturnType<typeof signingKeys>;

  /** Throws a Fault `bad-value` if certificate and key do not belong together, or if it is no certificate of an authority. */
  constructor(
    material: AuthorityMaterial,
    private readonly days: number,
    private readonly clock: Clock,
  ) {
    const chain = splitChain(material.certificate).map(parseCertificate);
    this.issuer = chain[0]!;
    if (!this.issuer.facts.authority) throw new Fault('bad-value', `${this.issuer.facts.subject} is no certificate of an authority`);
    if (!this.issuer.native.checkPrivateKey(createPrivateKey(material.privateKey))) {
      throw new Fault('bad-value', `the private key is not that of ${this.issuer.facts.subject}`);
    }
    this.between = chain.filter(({ facts }) => !facts.selfIssued).map(({ facts }) => facts.pem);
    this.keys = signingKeys(material.privateKey);
    this.keys.catch(() => undefined); // It is awaited where it is needed.
  }

  async sign({ station, request: pem }: SigningRequest): Promise<string> {
    const request = new x509.Pkcs10CertificateRequest(requestDer(pem));
    const { keys, algorithm } = await this.keys;
    const now = this.clock.now().getTime();
    const ends = Math.min(now + this.days * dayMs, this.issuer.facts.notAfter.getTime());
    if (ends <= now) throw new Fault('unavailable', `the authority ${this.issuer.facts.subject} has expired`);
    const [commonName, organization] = [request.subjectName.getField('CN')[0], request.subjectName.getField('O')[0]];
    const { KeyUsageFlags: usage } = x509;
    const rsaUsage: x509.KeyUsageFlags = usage.digitalSignature | usage.keyEncipherment;
    const rsa = request.publicKey.algorithm.name.startsWith('RSA');
    const certificate = await x509.X509CertificateGenerator.create({
      serialNumber: newSerialNumber(),
      // What else a station writes into its subject is not vouched for.
      subject: subject(commonName ?? station.station, organization),
      issuer: this.issuer.structure.subjectName,
      notBefore: new Date(Math.max(now - backdatedMs, this.issuer.facts.notBefore.getTime())),
      notAfter: new Date(ends),
      publicKey: request.publicKey,
      signingKey: keys.privateKey,
      signingAlgorithm: algorithm,
      extensions: [
        new x509.BasicConstraintsExtension(false, undefined, true),
        new x509.KeyUsagesExtension(rsa ? rsaUsage : usage.digitalSignature, true),
        new x509.ExtendedKeyUsageExtension([x509.ExtendedKeyUsage.clientAuth]),
        new x509.SubjectAlternativeNameExtension([{ type: 'url', value: stationUri(station) }]),
        await x509.SubjectKeyIdentifierExtension.create(request.publicKey),
        await x509.AuthorityKeyIdentifierExtension.create(this.issuer.structure.publicKey),
      ],
    });
    return [pemOf('CERTIFICATE', new Uint8Array(certificate.rawData)), ...this.between].join('');
  }
}

function subject(commonName: string, organization: string | undefined): x509.JsonName {
  return [{ CN: [commonName] }, ...(organization === undefined ? [] : [{ O: [organization] }])];
}

/** 127 random bits: positive, and never with a leading zero. */
function newSerialNumber(): string {
  const bytes = randomBytes(16);
  bytes[0] = (bytes[0]! & 0x7f) | 0x40;
  return bytes.toString('hex');
}
