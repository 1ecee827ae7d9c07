import { stopCharging } from '@ohmnibus/domain';
import { byStatus, sent } from '../../examples.js';
import { remoteStopTransaction } from '../remote-stop-transaction.js';

export const examples = sent(
  remoteStopTransaction,
  stopCharging,
  { 'the transaction goes by our number': { input: { transaction: { number: 12, wireId: '12' } }, request: { transactionId: 12 } } },
  byStatus({ yes: ['Accepted'], no: ['Rejected'] }),
);
