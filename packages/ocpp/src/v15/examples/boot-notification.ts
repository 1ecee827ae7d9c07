import { registerStation, type Registration } from '@ohmnibus/domain';
import { received } from '../../examples.js';
import { bootNotification } from '../boot-notification.js';

/** The same boot, answered in one way or another. */
const answered = (status: Registration, told: string) => ({
  request: { chargePointVendor: 'Voltwerk', chargePointModel: 'V1', chargeBoxSerialNumber: 'SN-1' },
  input: { vendor: 'Voltwerk', model: 'V1', serialNumber: 'SN-1' },
  outcome: { status, at: new Date('2026-03-01T12:00:05.123Z'), intervalSeconds: 300 },
  reply: { status: told, currentTime: '2026-03-01T12:00:05.123Z', heartbeatInterval: 300 },
});

export const examples = received(bootNotification, registerStation, {
  'an accepted station is told the time between heartbeats': answered('Accepted', 'Accepted'),
  'a refused station is told when to ask again': answered('Rejected', 'Rejected'),
  'a station that has to wait is refused for now': answered('Pending', 'Rejected'),
});
