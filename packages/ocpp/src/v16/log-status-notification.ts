import { recordLogUploadProgress } from '@ohmnibus/domain';
import { fromStation } from './dialect.js';

/** How far the upload is that GetLog asked for. Without a request id only where the station does nothing. */
export const logStatusNotification = fromStation('LogStatusNotification', recordLogUploadProgress).translate({
  toInput: ({ status, requestId }, origin) => ({ origin, status, requestId }),
  toReply: () => ({}),
});
