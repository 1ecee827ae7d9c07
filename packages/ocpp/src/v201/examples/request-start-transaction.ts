import { startCharging } from '@ohmnibus/domain';
import { byStatus, sent } from '../../examples.js';
import { requestStartTransaction } from '../request-start-transaction.js';

export const examples = sent(
  requestStartTransaction,
  startCharging,
  {
    'the station chooses the EVSE, and the token is ours': {
      input: { token: { value: 'app-user-1' }, remoteStartId: 7 },
      request: { remoteStartId: 7, idToken: { idToken: 'app-user-1', type: 'Central' } },
    },
    'at a certain EVSE, with a card': {
      input: { token: { value: '04A2B3C4D5', kind: 'ISO14443' }, evse: 2, remoteStartId: 8 },
      request: { remoteStartId: 8, evseId: 2, idToken: { idToken: '04A2B3C4D5', type: 'ISO14443' } },
    },
  },
  [
    ...byStatus({ yes: ['Accepted'], no: ['Rejected'] }),
    [
      { status: 'Accepted', transactionId: 'tx-1' },
      { status: 'Accepted', accepted: true },
    ],
  ],
);
