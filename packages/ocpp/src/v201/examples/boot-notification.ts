import { registerStation } from '@ohmnibus/domain';
import { received } from '../../examples.js';
import { bootNotification } from '../boot-notification.js';

export const examples = received(bootNotification, registerStation, {
  'a station tells no more than it has to': {
    request: { reason: 'PowerUp', chargingStation: { vendorName: 'Voltwerk', model: 'V3' } },
    input: { vendor: 'Voltwerk', model: 'V3', reason: 'PowerUp' },
    outcome: { status: 'Rejected', at: new Date('2026-03-01T12:00:05Z'), intervalSeconds: 60 },
    reply: { status: 'Rejected', currentTime: '2026-03-01T12:00:05.000Z', interval: 60 },
  },
  'a station tells all it knows': {
    request: {
      reason: 'Watchdog',
      chargingStation: {
        vendorName: 'Voltwerk',
        model: 'V3',
        serialNumber: 'SN-3',
        firmwareVersion: '3.0',
        modem: { iccid: '8949', imsi: '2620' },
      },
    },
    input: {
      vendor: 'Voltwerk',
      model: 'V3',
      serialNumber: 'SN-3',
      firmwareVersion: '3.0',
      iccid: '8949',
      imsi: '2620',
      reason: 'Watchdog',
    },
    outcome: { status: 'Accepted', at: new Date('2026-03-01T12:00:05Z'), intervalSeconds: 300 },
    reply: { status: 'Accepted', currentTime: '2026-03-01T12:00:05.000Z', interval: 300 },
  },
});
