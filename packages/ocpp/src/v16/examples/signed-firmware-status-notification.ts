import { firmwareStatuses, recordFirmwareProgress } from '@ohmnibus/domain';
import { received } from '../../examples.js';
import { signedFirmwareStatusNotification } from '../signed-firmware-status-notification.js';

export const examples = received(signedFirmwareStatusNotification, recordFirmwareProgress, {
  ...Object.fromEntries(
    firmwareStatuses.map((status) => [
      `${status} is ${status}`,
      { request: { status, requestId: 7 }, input: { status, requestId: 7 }, outcome: {}, reply: {} },
    ]),
  ),
  'of no update': { request: { status: 'Idle' }, input: { status: 'Idle' }, outcome: {}, reply: {} },
});
