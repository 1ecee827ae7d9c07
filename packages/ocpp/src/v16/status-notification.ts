import { recordStatus, type ConnectorStatus } from '@ohmnibus/domain';
import { readTime } from '../validation.js';
import { fromStation, type Request } from './dialect.js';
import { evseOf } from './evse.js';

/** 1.6 tells five ways in which a connector is taken, OCPP 2 only that it is. The station's own word is kept beside. */
const statuses: Record<Request<'StatusNotification'>['status'], ConnectorStatus> = {
  Available: 'Available',
  Preparing: 'Occupied',
  Charging: 'Occupied',
  SuspendedEV: 'Occupied',
  SuspendedEVSE: 'Occupied',
  Finishing: 'Occupied',
  Reserved: 'Reserved',
  Unavailable: 'Unavailable',
  Faulted: 'Faulted',
};

/** A connector changed its state. Its order against starts and stops means nothing. */
export const statusNotification = fromStation('StatusNotification', recordStatus).translate({
  toInput: (request, origin) => ({
    origin,
    evse: evseOf(request.connectorId),
    status: statuses[request.status],
    reported: request.status,
    errorCode: request.errorCode,
    vendorId: request.vendorId,
    vendorErrorCode: request.vendorErrorCode,
    info: request.info,
    at: request.timestamp === undefined ? undefined : readTime(request.timestamp),
  }),
  toReply: () => ({}),
});
