import { tokenKey, type TokenGroup } from '@ohmnibus/domain';
import type { Database, Statement } from '@ohmnibus/database';

const putGroup: Statement = {
  name: 'put-token-group',
  text: `
    INSERT INTO token_group AS g (tenant, key, name, status, max_transactions, note) VALUES ($1, $2, $3, $4, $5, $6)
    ON CONFLICT (tenant, key) DO UPDATE SET
      name = excluded.name, status = excluded.status, max_transactions = excluded.max_transactions, note = excluded.note, updated_at = now()
    RETURNING g.xmax = 0`,
};

const deleteGroup: Statement = { name: 'delete-token-group', text: 'DELETE FROM token_group WHERE tenant = $1 AND key = $2 RETURNING 1' };

/** What the operator says of groups of tokens. */
export class KeepTokenGroups {
  constructor(private readonly database: Database) {}

  /** Makes the group what is given; whether nothing was said of it before. */
  async put(tenant: string, { name, status, maxTransactions }: TokenGroup, note: string | null): Promise<{ created: boolean }> {
    const [row] = await this.database.run<[created: boolean]>(putGroup, [tenant, tokenKey(name), name, status, maxTransactions ?? null, note]);
    return { created: row?.[0] ?? false };
  }

  async delete(tenant: string, name: string): Promise<{ deleted: boolean }> {
    return { deleted: (await this.database.run(deleteGroup, [tenant, tokenKey(name)])).length > 0 };
  }
}
