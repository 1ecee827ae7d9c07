import type { Database, Statement } from '@ohmnibus/database';
import { certificateHashText, Fault, type Clock } from '@ohmnibus/domain';
import { certificateHash, createRootAuthority, LocalAuthority, open, readCertificate, seal, splitChain, type AuthorityMaterial, type CertificateAuthority, type KeyType } from '@ohmnibus/pki';
import type { Log } from '@ohmnibus/runtime';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';

export interface AuthoritySettings {
  /** Encrypts the keys of the tenants' own authorities; undefined: there are none. */
  readonly secret: string | undefined;
  /** An authority of the operator's, for all tenants, instead of their own. */
  readonly files: { readonly certificate: string; readonly key: string } | undefined;
  readonly keyType: KeyType;
  /** How long the certificates of stations are valid. */
  readonly days: number;
  readonly organization: string | undefined;
}

/** A root is made for as long as nobody wants to think of it: stations learn to trust it by hand. */
const rootDays = 20 * 365;

const find: Statement = { name: 'authority-find', text: `SELECT pem, sealed_key FROM certificate_authority WHERE tenant = $1 AND sealed_key IS NOT NULL` };

const insert: Statement = {
  name: 'authority-insert',
  text: `INSERT INTO certificate_authority (id, tenant, purpose, subject, pem, fingerprint, hash, serial_number, not_before, not_after, sealed_key)
    VALUES ($1::uuid, $2, 'Station', $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING`,
};

/** Who signs for whom. The first request of a tenant makes its authority; whoever is trusted to sign is trusted at the door. */
export class Authorities {
  constructor(
    private readonly database: Pick<Database, 'run'>,
    private readonly settings: AuthoritySettings,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Rejects with a Fault `unavailable` if there is nobody to sign. */
  async of(tenant: string): Promise<CertificateAuthority> {
    const material = this.settings.files ? await this.filed(tenant, this.settings.files) : await this.own(tenant);
    return new LocalAuthority(material, this.settings.days, this.clock);
  }

  private async filed(tenant: string, files: { readonly certificate: string; readonly key: string }): Promise<AuthorityMaterial> {
    // Read each time: the operator may have renewed it.
    const material = { certificate: readFileSync(files.certificate, 'utf8'), privateKey: readFileSync(files.key, 'utf8') };
    await this.keep(tenant, splitChain(material.certificate)[0]!, undefined);
    return material;
  }

  private async own(tenant: string): Promise<AuthorityMaterial> {
    const known = await this.find(tenant);
    if (known) return known;
    const { secret, keyType, organization } = this.settings;
    if (secret === undefined) throw new Fault('unavailable', 'no authority is configured: upload the certificate, or set CERTIFICATE_AUTHORITY_SECRET');
    const made = await createRootAuthority({ name: `Stations of ${tenant}`, organization, keyType, days: rootDays, now: this.clock.now() });
    await this.keep(tenant, made.certificate, seal(made.privateKey, secret, tenant));
    // Another process may have been first.
    const kept = await this.find(tenant);
    if (!kept) throw new Fault('unavailable', 'the authority was removed as it was made');
    if (kept.certificate === made.certificate) this.log.info('certificate-authority-made', { tenant, subject: readCertificate(made.certificate).subject });
    return kept;
  }

  private async find(tenant: string): Promise<AuthorityMaterial | undefined> {
    const [row] = await this.database.run<[pem: string, sealedKey: Uint8Array]>(find, [tenant]);
    if (!row) return undefined;
    if (this.settings.secret === undefined) throw new Fault('unavailable', 'the key of the authority is encrypted and CERTIFICATE_AUTHORITY_SECRET is not set');
    return { certificate: row[0], privateKey: open(row[1], this.settings.secret, tenant) };
  }

  private async keep(tenant: string, certificate: string, sealedKey: Buffer | undefined): Promise<void> {
    const { pem, subject, fingerprint, serialNumber, notBefore, notAfter, selfIssued } = readCertificate(certificate);
    const hash = selfIssued ? certificateHashText(await certificateHash(pem)) : null;
    await this.database.run(insert, [randomUUID(), tenant, subject, pem, fingerprint, hash, serialNumber, notBefore, notAfter, sealedKey ?? null]);
  }
}
