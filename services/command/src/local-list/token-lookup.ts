import type { Database, Statement } from '@ohmnibus/database';
import { inScope, type KnownToken, type StationRef, type TokenStatus } from '@ohmnibus/domain';

const pageRows = 5_000;

const page: Statement = {
  name: 'command-tokens',
  text: `
    SELECT k.key, k.value, k.status, k.expires_at, k."group", k.stations, k.station_prefixes, g.name, g.status
    FROM token k LEFT JOIN token_group g ON g.tenant = k.tenant AND g.key = k.group_key
    WHERE k.tenant = $1 AND k.key > $2 ORDER BY k.key LIMIT ${pageRows}`,
};

type Row = [
  key: string, value: string, status: TokenStatus, expiresAt: Date | null, group: string | null, stations: string[], prefixes: string[],
  groupName: string | null, groupStatus: TokenStatus,
];

/** Finds the tokens that may be used at a station. */
export class TokenLookup {
  constructor(private readonly database: Pick<Database, 'run'>) {}

  /** Page by page: of a tenant with very many tokens only those of the station are held. */
  async usableAt({ tenant, station }: StationRef): Promise<KnownToken[]> {
    const usable: KnownToken[] = [];
    for (let after = ''; ; ) {
      const rows = await this.database.run<Row>(page, [tenant, after]);
      for (const row of rows) {
        const known = knownToken(row);
        if (inScope(known.token.scope, station)) usable.push(known);
      }
      const last = rows.at(-1);
      if (!last || rows.length < pageRows) return usable;
      after = last[0];
    }
  }
}

function knownToken([, value, status, expiresAt, group, stations, prefixes, groupName, groupStatus]: Row): KnownToken {
  const token = {
    value,
    status,
    ...(expiresAt && { expiresAt }),
    ...(group !== null && { group }),
    ...(stations.length + prefixes.length > 0 && { scope: { stations, prefixes } }),
  };
  return { token, ...(groupName !== null && { group: { name: groupName, status: groupStatus } }) };
}
