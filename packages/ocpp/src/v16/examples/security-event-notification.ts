import { recordSecurityEvent } from '@ohmnibus/domain';
import { received } from '../../examples.js';
import { securityEventNotification } from '../security-event-notification.js';

const timestamp = '2026-03-01T12:00:00Z';
const at = new Date(timestamp);

/** 1.6 and OCPP 2 have two names for it. */
const renamed = (reported: string, type: string) => ({ request: { type: reported, timestamp }, input: { type, reported, at }, outcome: {}, reply: {} });

export const examples = received(securityEventNotification, recordSecurityEvent, {
  'an event with what the station says of it': {
    request: { type: 'SettingSystemTime', timestamp, techInfo: 'by Heartbeat' },
    input: { type: 'SettingSystemTime', reported: 'SettingSystemTime', at, info: 'by Heartbeat' },
    outcome: {},
    reply: {},
  },
  'what a vendor has thought up for itself': {
    request: { type: 'DoorOpened', timestamp: '2026-03-01T12:00:00' },
    input: { type: 'DoorOpened', reported: 'DoorOpened', at, flags: ['no-time-zone'] },
  },
  'the certificate of the central system': renamed('InvalidCentralSystemCertificate', 'InvalidCsmsCertificate'),
  'the certificate of the charge point': renamed('InvalidChargePointCertificate', 'InvalidChargingStationCertificate'),
  'the station was not let in': renamed('FailedToAuthenticateAtCentralSystem', 'FailedToAuthenticateAtCsms'),
  'the station did not trust us': renamed('CentralSystemFailedToAuthenticate', 'CsmsFailedToAuthenticate'),
});
