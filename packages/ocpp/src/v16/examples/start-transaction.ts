import { recordTransaction } from '@ohmnibus/domain';
import { received } from '../../examples.js';
import { startTransaction } from '../start-transaction.js';

export const examples = received(startTransaction, recordTransaction, {
  'a start is numbered, and the driver accepted': {
    request: { connectorId: 2, idTag: '04A2B3C4D5', meterStart: 1500, timestamp: '2026-03-01T12:00:00Z', reservationId: 9 },
    input: {
      kind: 'started',
      transaction: { key: '2@2026-03-01T12:00:00Z+1500/04A2B3C4D5' },
      evse: { evse: 2, connector: 1 },
      token: { value: '04A2B3C4D5' },
      at: new Date('2026-03-01T12:00:00Z'),
      samples: [{ at: new Date('2026-03-01T12:00:00Z'), values: [{ value: 1500, context: 'Transaction.Begin' }] }],
      reservationId: 9,
    },
    outcome: { number: 12, authorization: { status: 'Accepted', group: 'FLEET-7' } },
    reply: { transactionId: 12, idTagInfo: { status: 'Accepted', parentIdTag: 'FLEET-7' } },
  },
  'a refused driver gets a number all the same': {
    request: { connectorId: 1, idTag: 'blocked', meterStart: 0, timestamp: '2026-03-01T13:00:00.5+01:00' },
    input: {
      kind: 'started',
      transaction: { key: '1@2026-03-01T13:00:00.5+01:00+0/blocked' },
      evse: { evse: 1, connector: 1 },
      token: { value: 'blocked' },
      at: new Date('2026-03-01T12:00:00.500Z'),
      samples: [{ at: new Date('2026-03-01T12:00:00.500Z'), values: [{ value: 0, context: 'Transaction.Begin' }] }],
    },
    outcome: { number: 13, authorization: { status: 'ConcurrentTx' } },
    reply: { transactionId: 13, idTagInfo: { status: 'ConcurrentTx' } },
  },
  'a time without a zone is taken as UTC and remarked on': {
    request: { connectorId: 1, idTag: '', meterStart: 1, timestamp: '1970-01-01T00:00:07' },
    input: {
      kind: 'started',
      transaction: { key: '1@1970-01-01T00:00:07+1/' },
      evse: { evse: 1, connector: 1 },
      token: { value: '' },
      at: new Date(7000),
      samples: [{ at: new Date(7000), values: [{ value: 1, context: 'Transaction.Begin' }] }],
      flags: ['no-time-zone'],
    },
    outcome: { number: 14 },
    reply: { transactionId: 14, idTagInfo: { status: 'Invalid' } },
  },
});
