import { recordFirmwareProgress, type FirmwareStatus } from '@ohmnibus/domain';
import { received } from '../../examples.js';
import { firmwareStatusNotification } from '../firmware-status-notification.js';

const words: FirmwareStatus[] = ['Idle', 'Downloading', 'Downloaded', 'DownloadFailed', 'Installing', 'Installed', 'InstallationFailed'];

export const examples = received(
  firmwareStatusNotification,
  recordFirmwareProgress,
  Object.fromEntries(words.map((status) => [`${status} is ${status}`, { request: { status }, input: { status }, outcome: {}, reply: {} }])),
);
