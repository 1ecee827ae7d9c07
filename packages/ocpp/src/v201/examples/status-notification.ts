import { recordStatus, type ConnectorStatus } from '@ohmnibus/domain';
import { received } from '../../examples.js';
import { statusNotification } from '../status-notification.js';

const word = (status: ConnectorStatus) => ({
  request: { timestamp: '2026-03-01T12:00:00Z', connectorStatus: status, evseId: 2, connectorId: 3 },
  input: { evse: { evse: 2, connector: 3 }, status, reported: status, at: new Date('2026-03-01T12:00:00Z') },
  outcome: {},
  reply: {},
});

export const examples = received(statusNotification, recordStatus, {
  'a connector is available': word('Available'),
  'a connector is occupied': word('Occupied'),
  'a connector is reserved': word('Reserved'),
  'a connector is unavailable': word('Unavailable'),
  'a connector is faulted': word('Faulted'),
});
