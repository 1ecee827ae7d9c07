import { unlockConnector as unlock } from '@ohmnibus/domain';
import { byStatus, sent } from '../../examples.js';
import { unlockConnector } from '../unlock-connector.js';

export const examples = sent(
  unlockConnector,
  unlock,
  { 'the connector of an EVSE': { input: { evse: 2, connector: 1 }, request: { connectorId: 2 } } },
  byStatus({ yes: ['Accepted', 'Unlocked'], no: ['Rejected', 'UnlockFailed', 'NotSupported'] }),
);
