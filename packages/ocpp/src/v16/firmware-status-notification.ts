import { recordFirmwareProgress } from '@ohmnibus/domain';
import { fromStation } from './dialect.js';

/** How far the update is that UpdateFirmware asked for. */
export const firmwareStatusNotification = fromStation('FirmwareStatusNotification', recordFirmwareProgress).translate({
  toInput: ({ status }, origin) => ({ origin, status }),
  toReply: () => ({}),
});
