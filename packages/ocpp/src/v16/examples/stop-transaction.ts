import { recordTransaction } from '@ohmnibus/domain';
import { received } from '../../examples.js';
import { stopTransaction } from '../stop-transaction.js';

const at = new Date('2026-03-01T12:30:00Z');

export const examples = received(stopTransaction, recordTransaction, {
  'nobody presents a token: none is answered, and the reason is Local': {
    request: { transactionId: 12, meterStop: 9500, timestamp: '2026-03-01T12:30:00Z' },
    input: {
      kind: 'ended',
      transaction: { number: 12 },
      at,
      samples: [{ at, values: [{ value: 9500, context: 'Transaction.End' }] }],
      stopReason: 'Local',
    },
    outcome: { number: 12 },
    reply: {},
  },
  'the readings of the transaction come first, and meterStop last': {
    request: {
      transactionId: 12,
      idTag: '04A2B3C4D5',
      meterStop: 9500,
      timestamp: '2026-03-01T12:30:00Z',
      reason: 'EVDisconnected',
      transactionData: [
        { timestamp: '2026-03-01T12:00:00Z', sampledValue: [{ value: '1.5', unit: 'kWh', context: 'Transaction.Begin' }] },
        { timestamp: '2026-03-01T12:30:00', sampledValue: [{ value: 'AA==', format: 'SignedData', context: 'Transaction.End' }] },
      ],
    },
    input: {
      kind: 'ended',
      transaction: { number: 12 },
      token: { value: '04A2B3C4D5' },
      at,
      samples: [
        { at: new Date('2026-03-01T12:00:00Z'), values: [{ value: 1500, context: 'Transaction.Begin' }] },
        { at, values: [{ raw: 'AA==', context: 'Transaction.End' }] },
        { at, values: [{ value: 9500, context: 'Transaction.End' }] },
      ],
      stopReason: 'EVDisconnected',
      flags: ['no-time-zone'],
    },
    outcome: { number: 12, authorization: { status: 'Accepted' } },
    reply: { idTagInfo: { status: 'Accepted' } },
  },
  'a number that is not ours is passed on': {
    request: { transactionId: -1, meterStop: 0, timestamp: '2026-03-01T12:30:00Z', reason: 'PowerLoss', transactionData: [] },
    input: {
      kind: 'ended',
      transaction: { number: -1 },
      at,
      samples: [{ at, values: [{ value: 0, context: 'Transaction.End' }] }],
      stopReason: 'PowerLoss',
    },
    outcome: { number: 0 },
    reply: {},
  },
});
