import { authorize as v16Authorize } from '../v16/authorize.js';
import { cancelReservation as v16CancelReservation } from '../v16/cancel-reservation.js';
import { changeAvailability as v16ChangeAvailability } from '../v16/change-availability.js';
import { changeConfiguration as v16ChangeConfiguration, changePassword as v16ChangePassword } from '../v16/change-configuration.js';
import { clearCache as v16ClearCache } from '../v16/clear-cache.js';
import { dataTransfer as v16DataTransfer, dataTransferToStation as v16DataTransferToStation } from '../v16/data-transfer.js';
import { diagnosticsStatusNotification as v16DiagnosticsStatusNotification } from '../v16/diagnostics-status-notification.js';
import { firmwareStatusNotification as v16FirmwareStatusNotification } from '../v16/firmware-status-notification.js';
import { getConfiguration as v16GetConfiguration } from '../v16/get-configuration.js';
import { getDiagnostics as v16GetDiagnostics } from '../v16/get-diagnostics.js';
import { getLocalListVersion as v16GetLocalListVersion } from '../v16/get-local-list-version.js';
import { heartbeat as v16Heartbeat } from '../v16/heartbeat.js';
import { remoteStopTransaction as v16RemoteStopTransaction } from '../v16/remote-stop-transaction.js';
import { reserveNow as v16ReserveNow } from '../v16/reserve-now.js';
import { reset as v16Reset } from '../v16/reset.js';
import { startTransaction as v16StartTransaction } from '../v16/start-transaction.js';
import { updateFirmware as v16UpdateFirmware } from '../v16/update-firmware.js';
import { fromStation, toStation } from './dialect.js';

// The messages that 1.5 writes as 1.6 does, or with fewer fields and words.

export const authorize = fromStation('Authorize', v16Authorize);
export const dataTransfer = fromStation('DataTransfer', v16DataTransfer);
export const diagnosticsStatusNotification = fromStation('DiagnosticsStatusNotification', v16DiagnosticsStatusNotification);
export const firmwareStatusNotification = fromStation('FirmwareStatusNotification', v16FirmwareStatusNotification);
export const heartbeat = fromStation('Heartbeat', v16Heartbeat);
export const startTransaction = fromStation('StartTransaction', v16StartTransaction);

export const cancelReservation = toStation('CancelReservation', v16CancelReservation);
export const changeAvailability = toStation('ChangeAvailability', v16ChangeAvailability);
export const changeConfiguration = toStation('ChangeConfiguration', v16ChangeConfiguration);
/** Stations that were made for 1.6 as well may know the key. */
export const changePassword = toStation('ChangeConfiguration', v16ChangePassword);
export const clearCache = toStation('ClearCache', v16ClearCache);
export const dataTransferToStation = toStation('DataTransfer', v16DataTransferToStation);
export const getConfiguration = toStation('GetConfiguration', v16GetConfiguration);
export const getDiagnostics = toStation('GetDiagnostics', v16GetDiagnostics);
export const getLocalListVersion = toStation('GetLocalListVersion', v16GetLocalListVersion);
export const remoteStopTransaction = toStation('RemoteStopTransaction', v16RemoteStopTransaction);
export const reserveNow = toStation('ReserveNow', v16ReserveNow);
export const reset = toStation('Reset', v16Reset);
export const updateFirmware = toStation('UpdateFirmware', v16UpdateFirmware);
