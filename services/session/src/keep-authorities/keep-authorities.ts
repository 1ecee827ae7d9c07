import type { AddCertificateAuthority } from '@ohmnibus/contracts';
import type { Database, Statement } from '@ohmnibus/database';
import { certificateHashText, Fault } from '@ohmnibus/domain';
import { certificateHash, readCertificate } from '@ohmnibus/pki';
import { randomUUID } from 'node:crypto';

const insert: Statement = {
  name: 'authority-add',
  text: `WITH added AS (
      INSERT INTO certificate_authority (id, tenant, purpose, subject, pem, fingerprint, hash, serial_number, not_before, not_after)
      VALUES ($1::uuid, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT DO NOTHING RETURNING id
    )
    SELECT id::text, true FROM added
    UNION ALL SELECT id::text, false FROM certificate_authority WHERE tenant = $2 AND purpose = $3 AND fingerprint = $6`,
};

const remove: Statement = { name: 'authority-remove', text: 'DELETE FROM certificate_authority WHERE tenant = $1 AND id = $2::uuid RETURNING 1' };

/** The authorities that a tenant trusts, or has its stations trust. */
export class KeepAuthorities {
  constructor(private readonly database: Pick<Database, 'run'>) {}

  /** Rejects with a Fault `bad-value` if it is no certificate of an authority. */
  async add({ tenant, purpose, certificate }: AddCertificateAuthority): Promise<{ readonly id: string; readonly created: boolean }> {
    const { pem, subject, fingerprint, serialNumber, notBefore, notAfter, selfIssued, authority } = readCertificate(certificate);
    if (!authority) throw new Fault('bad-value', `certificate: ${subject} is no certificate of an authority`);
    const hash = selfIssued ? certificateHashText(await certificateHash(pem)) : null;
    const values = [randomUUID(), tenant, purpose, subject, pem, fingerprint, hash, serialNumber, notBefore, notAfter];
    const [row] = await this.database.run<[id: string, created: boolean]>(insert, values);
    if (!row) throw new Fault('unavailable', 'the authority was added and removed at once');
    return { id: row[0], created: row[1] };
  }

  async remove({ tenant, id }: { readonly tenant: string; readonly id: string }): Promise<{ readonly removed: boolean }> {
    return { removed: (await this.database.run(remove, [tenant, id])).length > 0 };
  }
}
