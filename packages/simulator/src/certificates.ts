import type { CertificateFacts } from '@ohmnibus/pki';
import { unwaited } from './charging.js';
import { CallError } from './errors.js';
import type { Payload } from './rpc/frames.js';
import type { Reply } from './rpc/inbound-calls.js';

export interface CertificateParts {
  /** The common name of the station's certificate. */
  readonly id: string;
  /** Tells the CSMS something that happened. */
  readonly call: (action: string, payload: Payload) => Promise<Payload>;
  readonly now: () => Date;
}

interface StoredRoot {
  readonly use: string;
  readonly hash: Payload;
}

const requestsAtOnce = 1;

/** Loaded when the first certificate comes up: most of twenty thousand stations never see one. */
const pki = () => import('@ohmnibus/pki');

/** The keys and certificates of a station. It trusts what it is given, as long as it is what was asked for and can be read. */
export class StationCertificates {
  private readonly roots = new Map<string, StoredRoot>();
  private privateKey: string | undefined;
  private requests = 0;
  /** The station's own, with those up to the root; undefined: it has none. */
  chain: string | undefined;

  constructor(private readonly parts: CertificateParts) {}

  /** Makes a key and asks the CSMS for a certificate for it. */
  async request(): Promise<void> {
    if (this.requests >= requestsAtOnce) return;
    this.requests += 1;
    try {
      const { makeRequest } = await pki();
      const { request, privateKey } = await makeRequest({ commonName: this.parts.id });
      const { status } = await this.parts.call('SignCertificate', { csr: request });
      if (status === 'Accepted') this.privateKey = privateKey;
    } finally {
      this.requests -= 1;
    }
  }

  /** The certificate that was asked for, or another one, of which the CSMS hears. */
  async signed(chain: string): Promise<Reply> {
    const { keyBelongsTo, readCertificate } = await pki();
    const certificate = read(readCertificate, chain);
    if (!certificate || this.privateKey === undefined || !keyBelongsTo(this.privateKey, chain) || certificate.commonName !== this.parts.id) {
      return { payload: { status: 'Rejected' }, after: () => this.report('InvalidChargePointCertificate', 'it is not what was asked for') };
    }
    this.privateKey = undefined;
    this.chain = chain;
    return { payload: { status: 'Accepted' } };
  }

  async install(use: string, pem: string): Promise<Reply> {
    const { certificateHash, readCertificate } = await pki();
    const certificate = read(readCertificate, pem);
    if (!certificate?.authority || certificate.notAfter < this.parts.now()) {
      const type = use === 'ManufacturerRootCertificate' ? 'InvalidFirmwareSigningCertificate' : 'InvalidCentralSystemCertificate';
      return { payload: { status: 'Rejected' }, after: () => this.report(type, 'it cannot be used as a root') };
    }
    // Only a root is its own issuer, and no other one is looked for.
    const hash = await certificateHash(pem).catch(() => undefined);
    if (!hash) return { payload: { status: 'Failed' } };
    this.roots.set(`${use} ${keyOf({ ...hash })}`, { use, hash: { ...hash } });
    return { payload: { status: 'Accepted' } };
  }

  delete(hash: Payload): Reply {
    const found = [...this.roots].filter(([, root]) => keyOf(root.hash) === keyOf(hash));
    for (const [key] of found) this.roots.delete(key);
    return { payload: { status: found.length > 0 ? 'Accepted' : 'NotFound' } };
  }

  list(use: string): Reply {
    const hashes = [...this.roots.values()].flatMap((root) => (root.use === use ? [root.hash] : []));
    return { payload: hashes.length > 0 ? { status: 'Accepted', certificateHashData: hashes } : { status: 'NotFound' } };
  }

  private report(type: string, techInfo: string): void {
    unwaited(this.parts.call('SecurityEventNotification', { type, timestamp: this.parts.now().toISOString(), techInfo }));
  }
}

function read(readCertificate: (pem: string) => CertificateFacts, pem: string): CertificateFacts | undefined {
  try {
    return readCertificate(pem);
  } catch {
    return undefined;
  }
}

function keyOf({ hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber }: Payload): string {
  const parts = [hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber];
  if (!parts.every((part) => typeof part === 'string')) throw new CallError('FormationViolation', 'a certificate is named by four texts');
  return parts.join('.').toLowerCase();
}
