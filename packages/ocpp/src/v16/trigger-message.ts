import { triggerMessage as trigger } from '@ohmnibus/domain';
import { statusVerdict } from '../message.js';
import { toStation, type Request } from './dialect.js';

/** What only the security extension can trigger. */
export const extendedTriggers: ReadonlySet<string> = new Set(['LogStatusNotification', 'SignChargePointCertificate', 'SignChargingStationCertificate']);

/** Has the station send a message now. What it does not know is refused by the schema before it is sent. */
export const triggerMessage = toStation('TriggerMessage', trigger).translate({
  fits: ({ message }) => !extendedTriggers.has(message),
  toRequest: ({ message, evse }) => ({
    requestedMessage: message as Request<'TriggerMessage'>['requestedMessage'],
    connectorId: evse?.evse || undefined, // 1.6 has no connector 0 here; leaving it out means the whole station.
  }),
  toVerdict: statusVerdict('Accepted'),
});
