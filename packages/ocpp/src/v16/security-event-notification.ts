import { recordSecurityEvent } from '@ohmnibus/domain';
import { readTime, zoneFlags } from '../validation.js';
import { fromStation } from './dialect.js';

/** Where the security extension of 1.6 and OCPP 2 have two names for one event. */
const types: Record<string, string> = {
  FailedToAuthenticateAtCentralSystem: 'FailedToAuthenticateAtCsms',
  CentralSystemFailedToAuthenticate: 'CsmsFailedToAuthenticate',
  InvalidCentralSystemCertificate: 'InvalidCsmsCertificate',
  InvalidChargePointCertificate: 'InvalidChargingStationCertificate',
};

/** Something happened that concerns the station's security. It may arrive late: stations keep critical ones until they are answered. */
export const securityEventNotification = fromStation('SecurityEventNotification', recordSecurityEvent).translate({
  toInput: ({ type, timestamp, techInfo }, origin) => ({
    origin,
    type: types[type] ?? type,
    reported: type,
    at: readTime(timestamp),
    info: techInfo,
    flags: zoneFlags(timestamp),
  }),
  toReply: () => ({}),
});
