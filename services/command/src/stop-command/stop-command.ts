import type { CommandAnswer, StopCommand as StopCommandQuestion } from '@ohmnibus/contracts';
import { Fault, stopCharging } from '@ohmnibus/domain';
import type { Dispatch } from '../dispatch/dispatch.js';
import { translated } from '../dispatch/translated.js';
import type { TransactionLookup } from './transaction-lookup.js';

/** Stops a charge on a station of any version. */
export class StopCommand {
  constructor(
    private readonly dispatch: Pick<Dispatch, 'run' | 'repetition'>,
    private readonly transactions: TransactionLookup,
  ) {}

  async run({ transaction, ...order }: StopCommandQuestion): Promise<CommandAnswer> {
    const found = await this.transactions.find(order, transaction);
    if (!found) throw new Fault('not-found', `station ${order.station} has no transaction ${transaction}`);
    const content = ['stop', found.number];
    if (found.ended) {
      // The same order again is answered as before, even though the transaction has ended meanwhile.
      const known = await this.dispatch.repetition({ ...order, content });
      if (known) return known;
      throw new Fault('conflict', `transaction ${found.number} has ended already`);
    }
    return this.dispatch.run({ ...order, content, request: translated(stopCharging, { transaction: { number: found.number, wireId: found.wireId } }) });
  }
}
