import { booleanArray, commitWindowMs, GroupCommit, int8Array, textArray, type Database, type GroupCommitOptions, type Statement } from '@ohmnibus/database';
import { tokenKey, type KnownToken, type OpenTransactions, type StationRef, type TokenStatus } from '@ohmnibus/domain';

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

/** What is open is counted by subqueries that Postgres does not run unless their CASE is met. */
const find: Statement = {
  name: 'find-tokens',
  text: `
    SELECT i.ord, k.value, k.status, k.expires_at, k."group", NULLIF(k.stations, '{}'), NULLIF(k.station_prefixes, '{}'), k.max_transactions,
      g.name, g.status, g.max_transactions,
      CASE WHEN i.charges AND k.max_transactions IS NOT NULL THEN (
        SELECT count(*)::int FROM transaction t WHERE t.tenant = i.tenant AND t.token_key = i.key AND ${another}) ELSE 0 END,
      CASE WHEN i.charges AND g.max_transactions IS NOT NULL THEN (
        SELECT count(*)::int FROM token m JOIN transaction t ON t.tenant = m.tenant AND t.token_key = m.key
        WHERE m.tenant = i.tenant AND m.group_key = k.group_key AND ${another}) ELSE 0 END
    FROM unnest($1::text[], $2::text[], $3::text[], $4::bool[], $5::int8[], $6::text[]) WITH ORDINALITY AS i(tenant, key, station, charges, evse, transaction_key, ord)
    LEFT JOIN token k ON k.tenant = i.tenant AND k.key = i.key
    LEFT JOIN token_group g ON g.tenant = k.tenant AND g.key = k.group_key`,
};

type Row = [
  ord: string, value: string | null, status: TokenStatus, expiresAt: Date | null, group: string | null, stations: string[] | null, prefixes: string[] | null, max: number | null,
  groupName: string | null, groupStatus: TokenStatus, groupMax: number | null, ofToken: number, ofGroup: number,
];

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
    for (const row of rows) found[Number(row[0]) - 1] = { known: knownToken(row), open: { ofToken: row[11], ofGroup: row[12] } };
    return found;
  }
}

function knownToken([, value, status, expiresAt, group, stations, prefixes, max, groupName, groupStatus, groupMax]: Row): KnownToken | undefined {
  if (value === null) return undefined;
  const token = {
    value,
    status,
    ...(expiresAt && { expiresAt }),
    ...(group !== null && { group }),
    ...((stations ?? prefixes) && { scope: { stations: stations ?? [], prefixes: prefixes ?? [] } }),
    ...(max !== null && { maxTransactions: max }),
  };
  if (groupName === null) return { token };
  return { token, group: { name: groupName, status: groupStatus, ...(groupMax !== null && { maxTransactions: groupMax }) } };
}
