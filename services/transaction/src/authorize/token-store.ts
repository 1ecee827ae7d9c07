import { textArray, int8Array, type Database, type Statement } from '@ohmnibus/database';
import { commitWindowMs, GroupCommit, type GroupCommitOptions } from '@ohmnibus/database';
import { tokenKey, type StationRef, type Token, type TokenStatus } from '@ohmnibus/domain';

/** A token presented at a station. */
export interface Presented extends StationRef {
  readonly value: string;
  /** Where a charge with it begins or goes on; its own transaction there does not count as another. */
  readonly evse?: number | undefined;
  /** Of the transaction itself, which does not count as another wherever it is. */
  readonly transactionKey?: string | undefined;
}

export interface Found {
  /** Undefined: the operator does not know it. */
  readonly token: Token | undefined;
  /** It has an open transaction on another connector. */
  readonly charging: boolean;
}

const find: Statement = {
  name: 'find-tokens',
  text: `
    SELECT i.ord, k.value, k.status, k.expires_at, k."group",
      EXISTS (
        SELECT FROM transaction t
        WHERE t.tenant = i.tenant AND t.token_key = i.key AND t.ended_at IS NULL
          AND (t.station <> i.station OR (t.evse IS DISTINCT FROM i.evse AND t.key IS DISTINCT FROM i.transaction_key))
      )
    FROM unnest($1::text[], $2::text[], $3::text[], $4::int8[], $5::text[]) WITH ORDINALITY AS i(tenant, key, station, evse, transaction_key, ord)
    LEFT JOIN token k ON k.tenant = i.tenant AND k.key = i.key`,
};

type Row = [ord: string, value: string | null, status: TokenStatus, expiresAt: Date | null, group: string | null, charging: boolean];

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
      // A number that no column holds is an EVSE without charges; what to do about it is not decided here.
      int8Array(presented, ({ evse }) => (Number.isSafeInteger(evse) ? evse : undefined)),
      textArray(presented, ({ transactionKey }) => transactionKey),
    ]);
    const found = new Array<Found>(presented.length);
    for (const [ord, value, status, expiresAt, group, charging] of rows) {
      const token = value === null ? undefined : { value, status, ...(expiresAt && { expiresAt }), ...(group !== null && { group }) };
      found[Number(ord) - 1] = { token, charging };
    }
    return found;
  }
}
