import { triggerMessage as trigger } from '@ohmnibus/domain';
import { byStatus, sent } from '../../examples.js';
import { triggerMessage } from '../trigger-message.js';

export const examples = sent(
  triggerMessage,
  trigger,
  {
    'of the station': { input: { message: 'Heartbeat' }, request: { requestedMessage: 'Heartbeat' } },
    'of a connector': {
      input: { message: 'StatusNotification', evse: { evse: 2, connector: 1 } },
      request: { requestedMessage: 'StatusNotification', connectorId: 2 },
    },
    'EVSE 0 is the station': {
      input: { message: 'StatusNotification', evse: { evse: 0, connector: 0 } },
      request: { requestedMessage: 'StatusNotification' },
    },
  },
  byStatus({ yes: ['Accepted'], no: ['Rejected', 'NotImplemented'] }),
);
