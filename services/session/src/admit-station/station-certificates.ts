import { createHash } from 'node:crypto';
import type { ForwardedCertificate } from '@ohmnibus/contracts';
import type { Database } from '@ohmnibus/database';
import type { Clock, StationRef } from '@ohmnibus/domain';
import { ClientCertificates } from '@ohmnibus/pki';
import type { Credentials } from './station-credentials.js';

/** Authorities whose client certificates are believed for every tenant; PEM. */
export interface CommonAuthorities {
  all(): Promise<readonly string[]>;
}

const ofTenant = { name: 'station-authorities', text: `SELECT pem FROM certificate_authority WHERE tenant = $1 AND purpose = 'Station'` };

const isRevoked = {
  name: 'certificate-revoked',
  text: 'SELECT 1 FROM certificate_request WHERE tenant = $1 AND fingerprint = $2 AND revoked_at IS NOT NULL LIMIT 1',
};

/** An authority that an operator adds or takes away is noticed this much later, in milliseconds. */
const keepMs = 5_000;

/**
 * Looks at the client certificates of stations: valid now, signed by an authority that is trusted for the tenant, this station's, and not
 * revoked (whitepaper A00.FR.404 ff., P2 B01.FR.11).
 */
export class StationCertificates {
  private readonly byTenant = new Map<string, { readonly until: number; readonly checks: Promise<ClientCertificates> }>();

  constructor(
    private readonly database: Pick<Database, 'run'>,
    private readonly common: CommonAuthorities,
    /** What O of the subject must be; undefined: anything. */
    private readonly organization: string | undefined,
    private readonly clock: Clock,
  ) {}

  /** In words that follow "asks for a client certificate, and"; undefined: it is good. Throws a Fault while that cannot be told. */
  async problemWith({ der, verdict }: ForwardedCertificate, station: StationRef, { certificateName }: Pick<Credentials, 'certificateName'>): Promise<string | undefined> {
    const checks = await this.checksOf(station.tenant);
    const checked = checks.check(pemOf(der), { ...station, serialNumber: certificateName }, this.clock.now());
    if (!checked.accepted) return `what was given is refused (${checked.refusal}): ${checked.detail}`;
    if (verdict !== '' && verdict !== 'SUCCESS') return `the proxy refuses what was given: ${verdict}`;
    const fingerprint = createHash('sha256').update(der).digest('hex');
    const revoked = await this.database.run(isRevoked, [station.tenant, fingerprint]);
    return revoked.length > 0 ? 'what was given has been revoked' : undefined;
  }

  private checksOf(tenant: string): Promise<ClientCertificates> {
    const now = this.clock.now().getTime();
    const known = this.byTenant.get(tenant);
    if (known && known.until > now) return known.checks;
    const checks = this.read(tenant);
    this.byTenant.set(tenant, { until: now + keepMs, checks });
    checks.catch(() => this.byTenant.delete(tenant));
    return checks;
  }

  private async read(tenant: string): Promise<ClientCertificates> {
    const [rows, common] = await Promise.all([this.database.run<[string]>(ofTenant, [tenant]), this.common.all()]);
    return new ClientCertificates([...rows.map(([pem]) => pem), ...common], this.organization);
  }
}

function pemOf(der: Buffer): string {
  return `-----BEGIN CERTIFICATE-----\n${der.toString('base64')}\n-----END CERTIFICATE-----\n`;
}
