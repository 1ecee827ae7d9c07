import { startCharging } from '@ohmnibus/domain';
import { byStatus, sent } from '../../examples.js';
import { remoteStartTransaction } from '../remote-start-transaction.js';

export const examples = sent(
  remoteStartTransaction,
  startCharging,
  {
    'the station chooses the connector': { input: { token: { value: '04A2B3C4D5' }, remoteStartId: 7 }, request: { idTag: '04A2B3C4D5' } },
    'at a certain connector': {
      input: { token: { value: '04A2B3C4D5' }, evse: 2, remoteStartId: 7 },
      request: { idTag: '04A2B3C4D5', connectorId: 2 },
    },
  },
  byStatus({ yes: ['Accepted'], no: ['Rejected'] }),
);
