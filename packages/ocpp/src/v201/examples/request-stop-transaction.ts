import { stopCharging } from '@ohmnibus/domain';
import { byStatus, sent } from '../../examples.js';
import { requestStopTransaction } from '../request-stop-transaction.js';

export const examples = sent(
  requestStopTransaction,
  stopCharging,
  {
    "the transaction goes by the station's id": {
      input: { transaction: { number: 12, wireId: 'tx-1' } },
      request: { transactionId: 'tx-1' },
    },
  },
  byStatus({ yes: ['Accepted'], no: ['Rejected'] }),
);
