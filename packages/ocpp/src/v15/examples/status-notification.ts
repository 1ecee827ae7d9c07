import { recordStatus, type ConnectorStatus } from '@ohmnibus/domain';
import { received } from '../../examples.js';
import { statusNotification } from '../status-notification.js';

/** The station says no more than the word. */
const word = (reported: string, status: ConnectorStatus) => ({
  request: { connectorId: 1, errorCode: 'NoError', status: reported },
  input: { evse: { evse: 1, connector: 1 }, status, reported, errorCode: 'NoError' },
  outcome: {},
  reply: {},
});

export const examples = received(statusNotification, recordStatus, {
  'Available is Available': word('Available', 'Available'),
  'Occupied is Occupied': word('Occupied', 'Occupied'),
  'Reserved is Reserved': word('Reserved', 'Reserved'),
  'Unavailable is Unavailable': word('Unavailable', 'Unavailable'),
  'Faulted is Faulted': word('Faulted', 'Faulted'),
  'a word of 1.6 is understood': word('SuspendedEV', 'Occupied'),
  'a fault is told in detail, however long': {
    request: {
      connectorId: 2,
      status: 'Faulted',
      errorCode: 'Mode3Error',
      info: 'x'.repeat(300),
      timestamp: '2013-02-01T15:09:18Z',
      vendorId: 'v'.repeat(300),
      vendorErrorCode: 'e'.repeat(100),
    },
    input: {
      evse: { evse: 2, connector: 1 },
      status: 'Faulted',
      reported: 'Faulted',
      errorCode: 'Mode3Error',
      info: 'x'.repeat(300),
      at: new Date('2013-02-01T15:09:18Z'),
      vendorId: 'v'.repeat(300),
      vendorErrorCode: 'e'.repeat(100),
    },
  },
});
