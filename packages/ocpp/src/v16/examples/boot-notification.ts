import { registerStation } from '@ohmnibus/domain';
import { received } from '../../examples.js';
import { bootNotification } from '../boot-notification.js';

export const examples = received(bootNotification, registerStation, {
  'a station tells no more than it has to': {
    request: { chargePointVendor: 'Voltwerk', chargePointModel: 'V2' },
    input: { vendor: 'Voltwerk', model: 'V2' },
    outcome: { status: 'Accepted', at: new Date('2026-03-01T12:00:05.123Z'), intervalSeconds: 300 },
    reply: { status: 'Accepted', currentTime: '2026-03-01T12:00:05.123Z', interval: 300 },
  },
  'a station tells all it knows': {
    request: {
      chargePointVendor: 'Voltwerk',
      chargePointModel: 'V2',
      chargePointSerialNumber: 'SN-1',
      chargeBoxSerialNumber: 'OLD-1',
      firmwareVersion: '1.2.3',
      iccid: '8949',
      imsi: '2620',
      meterType: 'EM24',
      meterSerialNumber: 'M-9',
    },
    input: {
      vendor: 'Voltwerk',
      model: 'V2',
      serialNumber: 'SN-1',
      firmwareVersion: '1.2.3',
      iccid: '8949',
      imsi: '2620',
      meterType: 'EM24',
      meterSerialNumber: 'M-9',
    },
    outcome: { status: 'Pending', at: new Date('2026-03-01T12:00:05Z'), intervalSeconds: 60 },
    reply: { status: 'Pending', currentTime: '2026-03-01T12:00:05.000Z', interval: 60 },
  },
  'the older name of the serial number does as well': {
    request: { chargePointVendor: 'Voltwerk', chargePointModel: 'V1', chargeBoxSerialNumber: 'OLD-1' },
    input: { vendor: 'Voltwerk', model: 'V1', serialNumber: 'OLD-1' },
  },
});
