import type { Database, Statement } from '@ohmnibus/database';
import type { Clock, StationRef } from '@ohmnibus/domain';

const revoke: Statement = {
  name: 'certificate-revoke',
  text: `UPDATE certificate_request SET revoked_at = $3 WHERE tenant = $1 AND id = $2::uuid AND fingerprint IS NOT NULL AND revoked_at IS NULL RETURNING station`,
};

/** Takes back a certificate that was issued: admission no longer believes it. */
export class RevokeCertificate {
  constructor(
    private readonly database: Pick<Database, 'run'>,
    /** Has the station come again, and be looked at again. */
    private readonly changed: (station: StationRef) => void,
    private readonly clock: Clock,
  ) {}

  /** False if there is no such certificate, or it was taken back before. */
  async run({ tenant, id }: { readonly tenant: string; readonly id: string }): Promise<{ readonly revoked: boolean }> {
    const [row] = await this.database.run<[station: string]>(revoke, [tenant, id, this.clock.now()]);
    if (row) this.changed({ tenant, station: row[0] });
    return { revoked: row !== undefined };
  }
}
