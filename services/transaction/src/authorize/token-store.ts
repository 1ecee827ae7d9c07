import { booleanArray, commitWindowMs, GroupCommit, int8Array, textArray, type Database, type GroupCommitOptions, type Statement } from '@ohmnibus/database';
import { tokenKey, type KnownToken, type OpenTransactions, type StationRef, type Token, type TokenStatus } from '@ohmnibus/domain';

/** A token presented at a station. */
export interface Presented extends StationRef {
  readonly value: string;
  /** The charge that begins or goes on with it, which does not count as another: by its EVSE, and by its own key wherever it is. */
  readonly charge?: { readonly evse: number | undefined; readonly transactionKey: string | undefined };
}

export interface Found {
  /** Undefined: the operator does not know it. */
  readonly known: KnownToken | undefined;
  /** Counted only for a charge, and only where there is a limit: otherwise none. */
  readonly open: OpenTransactions;
}

const another = 't.ended_at IS NULL AND (t.station <> i.station OR (t.evse IS DISTINCT FROM i.evse AND t.key IS DISTINCT FROM i.transaction_key))';

/** Most tokens have neither a group nor a scope: what is said of those is one column, and no subquery is run unless its CASE is met. */
const find: Statement = {
  name: 'find-tokens',
  text: `
    SELECT i.ord, k.value, k.status, k.expires_at, k."group", k.max_transactions,
      CASE WHEN i.charges AND k.max_transactions IS NOT NULL THEN (
        SELECT count(*)::int FROM transaction t WHERE t.tenant = i.tenant AND t.token_key = i.key AND ${another}) ELSE 0 END,
      CASE WHEN k.group_key IS NOT NULL OR k.stations <> '{}' OR k.station_prefixes <> '{}' THEN (
        SELECT json_build_object('stations', k.stations, 'prefixes', k.station_prefixes, 'name', g.name, 'status', g.status, 'max', g.max_transactions,
          'open', CASE WHEN i.charges AND g.max_transactions IS NOT NULL THEN (
            SELECT count(*)::int FROM token m JOIN transaction t ON t.tenant = m.tenant AND t.token_key = m.key
            WHERE m.tenant = i.tenant AND m.group_key = k.group_key AND ${another}) END)
        FROM (SELECT) AS always LEFT JOIN token_group g ON g.tenant = k.tenant AND g.key = k.group_key) END
    FROM unnest($1::text[], $2::text[], $3::text[], $4::bool[], $5::int8[], $6::text[]) WITH ORDINALITY AS i(tenant, key, station, charges, evse, transaction_key, ord)
    LEFT JOIN token k ON k.tenant = i.tenant AND k.key = i.key`,
};

/** Of a token with a scope or a group; the rest is null where nothing was said of the group. */
interface Extras {
  readonly stations: string[];
  readonly prefixes: string[];
  readonly name: string | null;
  readonly status: TokenStatus;
  readonly max: number | null;
  readonly open: number | null;
}

type Row = [ord: string, value: string | null, status: TokenStatus, expiresAt: Date | null, group: string | null, max: number | null, open: number, extras: Extras | null];

/** Looks tokens up, the questions of one turn in one query. */
export class TokenStore {
  private readonly batch: GroupCommit<Presented, Found>;

  constructor(
    private readonly database: Database,
    onCommit?: GroupCommitOptions<Presented, Found>['onCommit'],
  ) {
    this.batch = new GroupCommit({ name: 'find-tokens', write: (rows) => this.findAll(rows), windowMs: commitWindowMs, ...(onCommit && { onCommit }) });
  }

  find(presented: Presented): Promise<Found> {
    return this.batch.add(presented);
  }

  private async findAll(presented: readonly Presented[]): Promise<Found[]> {
    const rows = await this.database.run<Row>(find, [
      textArray(presented, ({ tenant }) => tenant),
      textArray(presented, ({ value }) => tokenKey(value)),
      textArray(presented, ({ station }) => station),
      booleanArray(presented, ({ charge }) => charge !== undefined),
      // A number that no column holds is an EVSE without charges; what to do about it is not decided here.
      int8Array(presented, ({ charge }) => (Number.isSafeInteger(charge?.evse) ? charge?.evse : undefined)),
      textArray(presented, ({ charge }) => charge?.transactionKey),
    ]);
    const found = new Array<Found>(presented.length);
    for (const row of rows) found[Number(row[0]) - 1] = { known: knownToken(row), open: { ofToken: row[6], ofGroup: row[7]?.open ?? 0 } };
    return found;
  }
}

function knownToken([, value, status, expiresAt, group, max, , extras]: Row): KnownToken | undefined {
  if (value === null) return undefined;
  const token = { value, status, ...(expiresAt && { expiresAt }), ...(group !== null && { group }), ...(max !== null && { maxTransactions: max }) };
  return extras ? withExtras(token, extras) : { token };
}

function withExtras(token: Token, { stations, prefixes, name, status, max }: Extras): KnownToken {
  const scoped = stations.length + prefixes.length > 0 ? { ...token, scope: { stations, prefixes } } : token;
  if (name === null) return { token: scoped };
  return { token: scoped, group: { name, status, ...(max !== null && { maxTransactions: max }) } };
}
