import { tell, textArray, type Database, type Statement } from '@ohmnibus/database';
import { certificateHashText, type CertificateHash, type RootCertificateUse, type StationCertificateUse, type StationRef } from '@ohmnibus/domain';

/** Where and when something was learnt, and by which command. */
export interface Learnt extends StationRef {
  readonly at: Date;
  readonly command: string;
}

const issuers: Statement = { name: 'certificate-issuers', text: 'SELECT DISTINCT pem FROM certificate_authority WHERE tenant = $1 AND subject = $2' };

const learnInstalled: Statement = {
  name: 'certificate-installed',
  text: `INSERT INTO installed_certificate AS known (tenant, station, use, hash, hash_algorithm, issuer_name_hash, issuer_key_hash, serial_number, pem, learnt_at, command)
    SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, $10::timestamptz, $11::uuid FROM station WHERE tenant = $1 AND id = $2
    ON CONFLICT (tenant, station, use, hash) DO UPDATE SET pem = excluded.pem, learnt_at = excluded.learnt_at, command = excluded.command
    WHERE known.learnt_at <= excluded.learnt_at`,
};

const learnDeleted: Statement = {
  name: 'certificate-deleted',
  text: 'DELETE FROM installed_certificate WHERE tenant = $1 AND station = $2 AND hash = $3 AND learnt_at <= $4',
};

/** What the station does not name it does not have; what it names may be one of the tenant's own, whose text we know. */
const learnListed: Statement = {
  name: 'certificates-listed',
  text: `WITH told AS (
      SELECT DISTINCT ON (hash) * FROM unnest($4::text[], $5::text[], $6::text[], $7::text[], $8::text[]) AS t (hash, algorithm, name_hash, key_hash, serial) ORDER BY hash
    ), gone AS (
      DELETE FROM installed_certificate WHERE tenant = $1 AND station = $2 AND use = $3 AND learnt_at <= $9 AND hash NOT IN (SELECT hash FROM told)
    )
    INSERT INTO installed_certificate AS known (tenant, station, use, hash, hash_algorithm, issuer_name_hash, issuer_key_hash, serial_number, pem, learnt_at, command)
    SELECT $1, $2, $3, hash, algorithm, name_hash, key_hash, serial,
      (SELECT pem FROM certificate_authority own WHERE own.tenant = $1 AND own.hash = told.hash LIMIT 1), $9::timestamptz, $10::uuid
    FROM told, station WHERE station.tenant = $1 AND station.id = $2
    ON CONFLICT (tenant, station, use, hash) DO UPDATE SET
      hash_algorithm = excluded.hash_algorithm, issuer_name_hash = excluded.issuer_name_hash, issuer_key_hash = excluded.issuer_key_hash, serial_number = excluded.serial_number,
      pem = coalesce(known.pem, excluded.pem), learnt_at = excluded.learnt_at, command = excluded.command
    WHERE known.learnt_at <= excluded.learnt_at`,
};

/** Whoever sent it: the signing queue may have died since, and an operator may have done it by hand. */
const learnDelivered: Statement = {
  name: 'certificate-delivered',
  text: `WITH ended AS (
      UPDATE certificate_request SET state = $5, reason = $6, finished_at = $7, last_command = $8::uuid
      WHERE tenant = $1 AND station = $2 AND use = $3 AND state = 'signed' AND chain = $4 RETURNING id, tenant, station, state, reason
    )
    ${tell(`SELECT tenant, station, 'certificate-request.changed', json_strip_nulls(json_build_object('id', id, 'state', state, 'reason', reason)) FROM ended`)}`,
};

const find: Statement = {
  name: 'certificate-find',
  text: `SELECT hash_algorithm, issuer_name_hash, issuer_key_hash, serial_number FROM installed_certificate WHERE tenant = $1 AND station = $2 AND hash = $3 LIMIT 1`,
};

/** What stations are believed to have installed. */
export class CertificateStore {
  constructor(private readonly database: Pick<Database, 'run'>) {}

  /** Authorities of a tenant by their subject: who may have issued a certificate. PEM. */
  async issuersNamed(tenant: string, subject: string): Promise<string[]> {
    return (await this.database.run<[pem: string]>(issuers, [tenant, subject])).map(([pem]) => pem);
  }

  async installed({ tenant, station, at, command }: Learnt, use: RootCertificateUse, hash: CertificateHash, pem: string): Promise<void> {
    const { hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber } = hash;
    await this.database.run(learnInstalled, [tenant, station, use, certificateHashText(hash), hashAlgorithm, issuerNameHash, issuerKeyHash, serialNumber, pem, at, command]);
  }

  async deleted({ tenant, station, at }: Learnt, hash: CertificateHash): Promise<void> {
    await this.database.run(learnDeleted, [tenant, station, certificateHashText(hash), at]);
  }

  async listed({ tenant, station, at, command }: Learnt, use: RootCertificateUse, hashes: readonly CertificateHash[]): Promise<void> {
    await this.database.run(learnListed, [
      tenant,
      station,
      use,
      textArray(hashes, certificateHashText),
      textArray(hashes, (hash) => hash.hashAlgorithm),
      textArray(hashes, (hash) => hash.issuerNameHash),
      textArray(hashes, (hash) => hash.issuerKeyHash),
      textArray(hashes, (hash) => hash.serialNumber),
      at,
      command,
    ]);
  }

  async delivered({ tenant, station, at, command }: Learnt, use: StationCertificateUse, chain: string, accepted: boolean): Promise<void> {
    const reason = accepted ? null : 'the station does not take the certificate';
    await this.database.run(learnDelivered, [tenant, station, use, chain, accepted ? 'accepted' : 'rejected', reason, at, command]);
  }

  /** As the station spells it, if it has told. */
  async find({ tenant, station }: StationRef, hash: CertificateHash): Promise<CertificateHash | undefined> {
    type Row = [algorithm: CertificateHash['hashAlgorithm'], nameHash: string, keyHash: string, serial: string];
    const [row] = await this.database.run<Row>(find, [tenant, station, certificateHashText(hash)]);
    return row && { hashAlgorithm: row[0], issuerNameHash: row[1], issuerKeyHash: row[2], serialNumber: row[3] };
  }
}
