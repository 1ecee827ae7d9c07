import { triggerMessage } from '@ohmnibus/domain';
import { statusVerdict } from '../message.js';
import { toStation, type Request } from './dialect.js';
import { extendedTriggers } from './trigger-message.js';

/** The same for the messages of the security extension. What OCPP 2 calls the station's certificate is the charge point's here. */
export const extendedTriggerMessage = toStation('ExtendedTriggerMessage', triggerMessage).translate({
  fits: ({ message }) => extendedTriggers.has(message),
  toRequest: ({ message, evse }) => ({
    requestedMessage: (message === 'SignChargingStationCertificate'
      ? 'SignChargePointCertificate'
      : message) as Request<'ExtendedTriggerMessage'>['requestedMessage'],
    connectorId: evse?.evse || undefined,
  }),
  toVerdict: statusVerdict('Accepted'),
});
