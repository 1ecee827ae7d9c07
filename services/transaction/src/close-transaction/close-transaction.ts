import type { CloseTransaction as CloseQuestion } from '@ohmnibus/contracts';
import type { Database, Statement } from '@ohmnibus/database';
import { Fault } from '@ohmnibus/domain';
import { endOnEvidence } from '../reconcile/end-on-evidence.js';

const close: Statement = {
  name: 'close-transaction',
  text: `
    WITH ${endOnEvidence(`SELECT t.number, 'closed' AS kind, 'operator' AS cause, $3::text AS note, $4::text AS by FROM transaction t WHERE t.number = $2::int AND t.tenant = $1::text AND t.ended_at IS NULL`)}
    SELECT number FROM ended`,
};

const find: Statement = { name: 'find-closed-transaction', text: 'SELECT end_kind, end_note, end_by FROM transaction WHERE number = $2::int AND tenant = $1::text' };

/** Ends a transaction by an operator's word. The station's own end, should it come, corrects it. */
export class CloseTransaction {
  constructor(private readonly database: Pick<Database, 'run'>) {}

  /** The same again changes nothing. Throws `not-found`, and `conflict` for what has ended otherwise. */
  async run({ tenant, transaction, reason, requestedBy }: CloseQuestion): Promise<{ transaction: number }> {
    const [closed] = await this.database.run<[number]>(close, [tenant, transaction, reason, requestedBy]);
    if (closed) return { transaction };
    const [found] = await this.database.run<[kind: string | null, note: string | null, by: string | null]>(find, [tenant, transaction]);
    if (!found) throw new Fault('not-found', `there is no transaction ${transaction}`);
    const [kind, note, by] = found;
    if (kind === 'closed' && note === reason && by === requestedBy) return { transaction };
    throw new Fault('conflict', `transaction ${transaction} has ended already (${kind ?? 'just now'})`);
  }
}
