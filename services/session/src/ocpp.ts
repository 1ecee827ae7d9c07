import {
  receiveVendorMessage,
  recordFirmwareProgress,
  recordLogUploadProgress,
  recordSecurityEvent,
  recordStatus,
  registerStation,
  requestCertificate,
  tellTime,
} from '@ohmnibus/domain';
import { Operations } from '@ohmnibus/ocpp';
import type { ReceiveVendorMessage } from './receive-vendor-message/receive-vendor-message.js';
import type { RecordProgress } from './record-progress/record-progress.js';
import type { RecordSecurityEvent } from './record-security-event/record-security-event.js';
import type { RecordStatus } from './record-status/record-status.js';
import type { RegisterStation } from './register-station/register-station.js';
import type { RequestCertificate } from './request-certificate/request-certificate.js';
import type { TellTime } from './tell-time/tell-time.js';

export interface SessionOperations {
  readonly registerStation: RegisterStation;
  readonly tellTime: TellTime;
  readonly recordStatus: RecordStatus;
  readonly receiveVendorMessage: ReceiveVendorMessage;
  readonly recordProgress: RecordProgress;
  readonly recordSecurityEvent: RecordSecurityEvent;
  readonly requestCertificate: RequestCertificate;
}

/** The operations that stations reach here; packages/ocpp knows the messages that lead to them. */
export function ocppOperations(session: SessionOperations): Operations {
  return new Operations()
    .serve(registerStation, (report) => session.registerStation.run(report))
    .serve(tellTime, () => session.tellTime.run())
    .serve(recordStatus, (report) => session.recordStatus.run(report))
    .serve(receiveVendorMessage, (message) => session.receiveVendorMessage.run(message))
    .serve(recordFirmwareProgress, (report) => session.recordProgress.run('firmware-update', report))
    .serve(recordSecurityEvent, (report) => session.recordSecurityEvent.run(report))
    .serve(requestCertificate, (report) => session.requestCertificate.run(report))
    .serve(recordLogUploadProgress, (report) => session.recordProgress.run('log-upload', report));
}
