import { recordStatus } from '@ohmnibus/domain';
import { readTime } from '../validation.js';
import { fromStation } from './dialect.js';

/** A connector changed its state. */
export const statusNotification = fromStation('StatusNotification', recordStatus).translate({
  toInput: (request, origin) => ({
    origin,
    evse: { evse: request.evseId, connector: request.connectorId },
    status: request.connectorStatus,
    reported: request.connectorStatus,
    at: readTime(request.timestamp),
  }),
  toReply: () => ({}),
});
