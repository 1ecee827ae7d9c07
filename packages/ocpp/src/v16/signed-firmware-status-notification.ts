import { recordFirmwareProgress } from '@ohmnibus/domain';
import { fromStation } from './dialect.js';

/** How far the update is that SignedUpdateFirmware asked for. Without a request id only where the station does nothing. */
export const signedFirmwareStatusNotification = fromStation('SignedFirmwareStatusNotification', recordFirmwareProgress).translate({
  toInput: ({ status, requestId }, origin) => ({ origin, status, requestId }),
  toReply: () => ({}),
});
