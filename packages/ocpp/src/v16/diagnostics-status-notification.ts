import { recordLogUploadProgress, type LogUploadStatus } from '@ohmnibus/domain';
import { fromStation, type Request } from './dialect.js';

const statuses: Record<Request<'DiagnosticsStatusNotification'>['status'], LogUploadStatus> = {
  Idle: 'Idle',
  Uploading: 'Uploading',
  Uploaded: 'Uploaded',
  UploadFailed: 'UploadFailure',
};

/** How far the upload is that GetDiagnostics asked for. */
export const diagnosticsStatusNotification = fromStation('DiagnosticsStatusNotification', recordLogUploadProgress).translate({
  toInput: ({ status }, origin) => ({ origin, status: statuses[status] }),
  toReply: () => ({}),
});
