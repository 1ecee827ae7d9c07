import { recordLogUploadProgress, type LogUploadStatus } from '@ohmnibus/domain';
import { received } from '../../examples.js';
import { diagnosticsStatusNotification } from '../diagnostics-status-notification.js';

const word = (reported: string, status: LogUploadStatus) => ({ request: { status: reported }, input: { status }, outcome: {}, reply: {} });

export const examples = received(diagnosticsStatusNotification, recordLogUploadProgress, {
  'Idle is Idle': word('Idle', 'Idle'),
  'Uploading is Uploading': word('Uploading', 'Uploading'),
  'Uploaded is Uploaded': word('Uploaded', 'Uploaded'),
  'UploadFailed is UploadFailure': word('UploadFailed', 'UploadFailure'),
});
