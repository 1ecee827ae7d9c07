import type { Version } from '../catalogue.js';
import { v16 } from '../v16/index.js';
import * as asInV16 from './as-in-v16.js';
import { bootNotification } from './boot-notification.js';
import { meterValues } from './meter-values.js';
import { actionNames } from './schemas.js';
import { remoteStartTransaction } from './remote-start-transaction.js';
import { sendLocalList } from './send-local-list.js';
import { statusNotification } from './status-notification.js';
import { stopTransaction } from './stop-transaction.js';
import { unlockConnector } from './unlock-connector.js';

/** OCPP 1.5 over JSON, which no standard describes: the frames of OCPP-J 1.6, the fields of the WSDL of 1.5. The table of contents. */
export const v15: Version = {
  name: 'v15',
  subprotocol: 'ocpp1.5',
  compresses: false,
  actions: new Set(actionNames),
  // 1.5 names no such limits; firmware that was made for 1.6 as well may.
  limits: v16.limits,
  longestToken: v16.longestToken,
  fromStation: [
    asInV16.authorize,
    bootNotification,
    asInV16.dataTransfer,
    asInV16.diagnosticsStatusNotification,
    asInV16.firmwareStatusNotification,
    asInV16.heartbeat,
    meterValues,
    asInV16.startTransaction,
    statusNotification,
    stopTransaction,
  ],
  toStation: [
    asInV16.cancelReservation,
    asInV16.changeAvailability,
    asInV16.changePassword,
    asInV16.changeConfiguration,
    asInV16.clearCache,
    asInV16.dataTransferToStation,
    asInV16.getConfiguration,
    asInV16.getDiagnostics,
    asInV16.getLocalListVersion,
    remoteStartTransaction,
    asInV16.remoteStopTransaction,
    asInV16.reserveNow,
    asInV16.reset,
    sendLocalList,
    unlockConnector,
    asInV16.updateFirmware,
  ],
};
