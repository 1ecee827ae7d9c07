import type { StatusReport } from '@ohmnibus/domain';
import { statusNotification as v16 } from '../v16/status-notification.js';
import { fromStation } from './dialect.js';

/** 1.5 does not say how a connector is occupied, and has an error code of its own. Its words are kept as they are. */
export const statusNotification = fromStation('StatusNotification', v16, {
  request: (request) => ({
    ...request,
    status: request.status === 'Occupied' ? 'Charging' : request.status,
    errorCode: request.errorCode === 'Mode3Error' ? 'EVCommunicationError' : request.errorCode,
  }),
  input: (report: StatusReport, { status, errorCode }) => ({ ...report, reported: status, errorCode }),
});
