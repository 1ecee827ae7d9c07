import { recordLogUploadProgress, type LogUploadStatus } from '@ohmnibus/domain';
import { received } from '../../examples.js';
import { logStatusNotification } from '../log-status-notification.js';

const word = (status: LogUploadStatus, requestId?: number) => ({ request: { status, requestId }, input: { status, requestId }, outcome: {}, reply: {} });

export const examples = received(logStatusNotification, recordLogUploadProgress, {
  'of an upload under way': word('Uploading', 7),
  'of an upload that is over': word('Uploaded', 7),
  'of one that failed': word('UploadFailure', 7),
  'of one that was not understood': word('BadMessage', 7),
  'of one that cannot be done': word('NotSupportedOperation', 7),
  'of one that the server refused': word('PermissionDenied', 7),
  'of no upload': word('Idle'),
});
