import type { TokenFields } from '@ohmnibus/contracts';
import { defaultMaxTransactions, Fault, tokenKey } from '@ohmnibus/domain';
import type { Database, Statement } from '@ohmnibus/database';

/** One statement for one token and for thousands. A token that is there becomes what is given, but for when it was made. */
const putTokens: Statement = {
  name: 'put-tokens',
  text: `
    INSERT INTO token AS t (tenant, key, value, status, expires_at, "group", group_key, stations, station_prefixes, max_transactions, note)
    SELECT $1, key, value, status, expires_at, "group", group_key, stations, prefixes, max_transactions, note
    FROM json_to_recordset($2::json) AS i(
      key text, value text, status text, expires_at timestamptz, "group" text, group_key text, stations text[], prefixes text[], max_transactions int, note text)
    ON CONFLICT (tenant, key) DO UPDATE SET
      value = excluded.value, status = excluded.status, expires_at = excluded.expires_at, "group" = excluded."group", group_key = excluded.group_key,
      stations = excluded.stations, station_prefixes = excluded.station_prefixes, max_transactions = excluded.max_transactions, note = excluded.note,
      updated_at = now()
    RETURNING t.xmax = 0`,
};

const deleteToken: Statement = { name: 'delete-token', text: 'DELETE FROM token WHERE tenant = $1 AND key = $2 RETURNING 1' };

/** The operator's tokens. */
export class KeepTokens {
  constructor(private readonly database: Database) {}

  /** Makes the token what is given; whether it is new. */
  async put(tenant: string, token: TokenFields): Promise<{ created: boolean }> {
    const { created } = await this.putAll(tenant, [token]);
    return { created: created > 0 };
  }

  /** All in one commit. Throws `bad-value` if two are the same but for their case. */
  async putAll(tenant: string, tokens: readonly TokenFields[]): Promise<{ created: number; updated: number }> {
    // In the order of their keys: two imports at once do not wait for each other in a circle.
    const rows = tokens.map(rowOf).toSorted((a, b) => (a.key < b.key ? -1 : 1));
    const twice = rows.find(({ key }, i) => key === rows[i + 1]?.key);
    if (twice) throw new Fault('bad-value', `the token ${JSON.stringify(twice.value)} is given twice`);
    const fresh = (await this.database.run<[boolean]>(putTokens, [tenant, JSON.stringify(rows)])).filter(([isNew]) => isNew).length;
    return { created: fresh, updated: rows.length - fresh };
  }

  async delete(tenant: string, value: string): Promise<{ deleted: boolean }> {
    return { deleted: (await this.database.run(deleteToken, [tenant, tokenKey(value)])).length > 0 };
  }
}

function rowOf({ token, status, expiresAt, group, scope, maxTransactions, note }: TokenFields) {
  return {
    key: tokenKey(token),
    value: token,
    status,
    expires_at: expiresAt,
    group,
    group_key: group === null ? null : tokenKey(group),
    stations: scope?.stations ?? [],
    prefixes: scope?.prefixes ?? [],
    max_transactions: maxTransactions === undefined ? defaultMaxTransactions : maxTransactions,
    note: note ?? null,
  };
}
