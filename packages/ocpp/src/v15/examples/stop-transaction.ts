import { recordTransaction } from '@ohmnibus/domain';
import { received } from '../../examples.js';
import { stopTransaction } from '../stop-transaction.js';

const timestamp = '2013-02-01T15:09:18Z';
const at = new Date(timestamp);
const last = { at, values: [{ value: 20, context: 'Transaction.End' }] };

export const examples = received(stopTransaction, recordTransaction, {
  'no reason is given, which means none': {
    request: { transactionId: 12, meterStop: 20, timestamp },
    input: { kind: 'ended', transaction: { number: 12 }, at, samples: [last] },
    outcome: { number: 12 },
    reply: {},
  },
  'the readings lie one list deeper, in either spelling': {
    request: {
      transactionId: 12,
      idTag: 'B4F62CEF',
      meterStop: 20,
      timestamp,
      transactionData: [
        { values: [{ timestamp: '2013-02-01T14:00:00Z', value: [{ value: '0', context: 'Transaction.Begin' }] }] },
        { values: [{ timestamp: '2013-02-01T15:00:00Z', values: [{ value: '0.019', unit: 'kWh' }] }] },
        {},
      ],
    },
    input: {
      kind: 'ended',
      transaction: { number: 12 },
      token: { value: 'B4F62CEF' },
      at,
      samples: [
        { at: new Date('2013-02-01T14:00:00Z'), values: [{ value: 0, context: 'Transaction.Begin' }] },
        { at: new Date('2013-02-01T15:00:00Z'), values: [{ value: 19 }] },
        last,
      ],
    },
    outcome: { number: 12, authorization: { status: 'Accepted' } },
    reply: { idTagInfo: { status: 'Accepted' } },
  },
  'a reason that 1.5 does not have is kept': {
    request: { transactionId: -1, meterStop: 20, timestamp, reason: 'PowerLoss' },
    input: { kind: 'ended', transaction: { number: -1 }, at, samples: [last], stopReason: 'PowerLoss' },
    outcome: { number: 0 },
    reply: {},
  },
});
