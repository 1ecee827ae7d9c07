import type { ReceivedExamples, SentExamples } from '../../examples.js';
import type { FromStation, ToStation } from '../../message.js';
import * as v16Authorize from '../../v16/examples/authorize.js';
import * as v16CancelReservation from '../../v16/examples/cancel-reservation.js';
import * as v16ChangeAvailability from '../../v16/examples/change-availability.js';
import * as v16ChangeConfiguration from '../../v16/examples/change-configuration.js';
import * as v16ClearCache from '../../v16/examples/clear-cache.js';
import * as v16DataTransfer from '../../v16/examples/data-transfer.js';
import * as v16DiagnosticsStatusNotification from '../../v16/examples/diagnostics-status-notification.js';
import * as v16FirmwareStatusNotification from '../../v16/examples/firmware-status-notification.js';
import * as v16GetConfiguration from '../../v16/examples/get-configuration.js';
import * as v16GetDiagnostics from '../../v16/examples/get-diagnostics.js';
import * as v16GetLocalListVersion from '../../v16/examples/get-local-list-version.js';
import * as v16Heartbeat from '../../v16/examples/heartbeat.js';
import * as v16RemoteStopTransaction from '../../v16/examples/remote-stop-transaction.js';
import * as v16ReserveNow from '../../v16/examples/reserve-now.js';
import * as v16Reset from '../../v16/examples/reset.js';
import * as v16StartTransaction from '../../v16/examples/start-transaction.js';
import * as v16UpdateFirmware from '../../v16/examples/update-firmware.js';
import * as asInV16 from '../as-in-v16.js';

function same(message: FromStation, examples: ReceivedExamples): ReceivedExamples;
function same(message: ToStation, examples: SentExamples): SentExamples;
function same(message: FromStation | ToStation, examples: ReceivedExamples | SentExamples) {
  return { ...examples, message };
}

export const authorize = same(asInV16.authorize, v16Authorize.examples);
export const cancelReservation = same(asInV16.cancelReservation, v16CancelReservation.examples);
export const changeAvailability = same(asInV16.changeAvailability, v16ChangeAvailability.examples);
export const changeConfiguration = same(asInV16.changeConfiguration, v16ChangeConfiguration.examples);
export const changePassword = same(asInV16.changePassword, v16ChangeConfiguration.ofPasswords);
export const clearCache = same(asInV16.clearCache, v16ClearCache.examples);
export const dataTransfer = same(asInV16.dataTransfer, v16DataTransfer.fromStation);
export const dataTransferToStation = same(asInV16.dataTransferToStation, v16DataTransfer.toStation);
export const diagnosticsStatusNotification = same(asInV16.diagnosticsStatusNotification, v16DiagnosticsStatusNotification.examples);
export const firmwareStatusNotification = same(asInV16.firmwareStatusNotification, v16FirmwareStatusNotification.examples);
export const getConfiguration = same(asInV16.getConfiguration, v16GetConfiguration.examples);
export const getDiagnostics = same(asInV16.getDiagnostics, v16GetDiagnostics.examples);
export const getLocalListVersion = same(asInV16.getLocalListVersion, v16GetLocalListVersion.examples);
export const heartbeat = same(asInV16.heartbeat, v16Heartbeat.examples);
export const remoteStopTransaction = same(asInV16.remoteStopTransaction, v16RemoteStopTransaction.examples);
export const reserveNow = same(asInV16.reserveNow, v16ReserveNow.examples);
export const reset = same(asInV16.reset, v16Reset.examples);
export const startTransaction = same(asInV16.startTransaction, v16StartTransaction.examples);
export const updateFirmware = same(asInV16.updateFirmware, v16UpdateFirmware.examples);
