import { authorize as v16Authorize } from '../v16/authorize.js';
import { changeAvailability as v16ChangeAvailability } from '../v16/change-availability.js';
import { changeConfiguration as v16ChangeConfiguration } from '../v16/change-configuration.js';
import { clearCache as v16ClearCache } from '../v16/clear-cache.js';
import { dataTransfer as v16DataTransfer, dataTransferToStation as v16DataTransferToStation } from '../v16/data-transfer.js';
import { getConfiguration as v16GetConfiguration } from '../v16/get-configuration.js';
import { heartbeat as v16Heartbeat } from '../v16/heartbeat.js';
import { remoteStartTransaction as v16RemoteStartTransaction } from '../v16/remote-start-transaction.js';
import { remoteStopTransaction as v16RemoteStopTransaction } from '../v16/remote-stop-transaction.js';
import { reset as v16Reset } from '../v16/reset.js';
import { startTransaction as v16StartTransaction } from '../v16/start-transaction.js';
import { fromStation, toStation } from './dialect.js';

// The messages that 1.5 writes as 1.6 does, or with fewer fields and words.

export const authorize = fromStation('Authorize', v16Authorize);
export const dataTransfer = fromStation('DataTransfer', v16DataTransfer);
export const heartbeat = fromStation('Heartbeat', v16Heartbeat);
export const startTransaction = fromStation('StartTransaction', v16StartTransaction);

export const changeAvailability = toStation('ChangeAvailability', v16ChangeAvailability);
export const changeConfiguration = toStation('ChangeConfiguration', v16ChangeConfiguration);
export const clearCache = toStation('ClearCache', v16ClearCache);
export const dataTransferToStation = toStation('DataTransfer', v16DataTransferToStation);
export const getConfiguration = toStation('GetConfiguration', v16GetConfiguration);
export const remoteStartTransaction = toStation('RemoteStartTransaction', v16RemoteStartTransaction);
export const remoteStopTransaction = toStation('RemoteStopTransaction', v16RemoteStopTransaction);
export const reset = toStation('Reset', v16Reset);
