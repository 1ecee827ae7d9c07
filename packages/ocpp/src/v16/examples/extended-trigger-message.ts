import { triggerMessage } from '@ohmnibus/domain';
import { byStatus, sent } from '../../examples.js';
import { extendedTriggerMessage } from '../extended-trigger-message.js';

export const examples = sent(
  extendedTriggerMessage,
  triggerMessage,
  {
    'the progress of an upload': { input: { message: 'LogStatusNotification' }, request: { requestedMessage: 'LogStatusNotification' } },
    'a request for a certificate': {
      input: { message: 'SignChargePointCertificate' },
      request: { requestedMessage: 'SignChargePointCertificate' },
    },
    'a request for a certificate, in the words of OCPP 2': {
      input: { message: 'SignChargingStationCertificate', evse: { evse: 0, connector: 0 } },
      request: { requestedMessage: 'SignChargePointCertificate' },
    },
  },
  byStatus({ yes: ['Accepted'], no: ['Rejected', 'NotImplemented'] }),
);
