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
  'Preparing is Occupied': word('Preparing', 'Occupied'),
  'Charging is Occupied': word('Charging', 'Occupied'),
  'SuspendedEV is Occupied': word('SuspendedEV', 'Occupied'),
  'SuspendedEVSE is Occupied': word('SuspendedEVSE', 'Occupied'),
  'Finishing is Occupied': word('Finishing', 'Occupied'),
  'Reserved is Reserved': word('Reserved', 'Reserved'),
  'Unavailable is Unavailable': word('Unavailable', 'Unavailable'),
  'Faulted is Faulted': word('Faulted', 'Faulted'),
  'the whole station tells a fault in detail': {
    request: {
      connectorId: 0,
      errorCode: 'OtherError',
      status: 'Faulted',
      timestamp: '2026-03-01T12:00:00Z',
      info: '',
      vendorId: 'com.example',
      vendorErrorCode: 'E-17',
    },
    input: {
      evse: { evse: 0, connector: 0 },
      status: 'Faulted',
      reported: 'Faulted',
      errorCode: 'OtherError',
      at: new Date('2026-03-01T12:00:00Z'),
      info: '',
      vendorId: 'com.example',
      vendorErrorCode: 'E-17',
    },
  },
});
