import type { Version } from '../catalogue.js';
import { authorize } from './authorize.js';
import { bootNotification } from './boot-notification.js';
import { cancelReservation } from './cancel-reservation.js';
import { certificateSigned } from './certificate-signed.js';
import { changeAvailability } from './change-availability.js';
import { changeConfiguration, changePassword, raiseSecurityProfile } from './change-configuration.js';
import { clearCache } from './clear-cache.js';
import { clearChargingProfile } from './clear-charging-profile.js';
import { dataTransfer, dataTransferToStation } from './data-transfer.js';
import { deleteCertificate } from './delete-certificate.js';
import { diagnosticsStatusNotification } from './diagnostics-status-notification.js';
import { actions } from './dialect.js';
import { extendedTriggerMessage } from './extended-trigger-message.js';
import { firmwareStatusNotification } from './firmware-status-notification.js';
import { getCompositeSchedule } from './get-composite-schedule.js';
import { getConfiguration } from './get-configuration.js';
import { getDiagnostics } from './get-diagnostics.js';
import { getLocalListVersion } from './get-local-list-version.js';
import { getLog } from './get-log.js';
import { heartbeat } from './heartbeat.js';
import { maxIdTagLength } from './id-tag-info.js';
import { getInstalledCertificateIds } from './get-installed-certificate-ids.js';
import { installCertificate } from './install-certificate.js';
import { logStatusNotification } from './log-status-notification.js';
import { meterValues } from './meter-values.js';
import { remoteStartTransaction } from './remote-start-transaction.js';
import { remoteStopTransaction } from './remote-stop-transaction.js';
import { reserveNow } from './reserve-now.js';
import { reset } from './reset.js';
import { sendLocalList } from './send-local-list.js';
import { securityEventNotification } from './security-event-notification.js';
import { signCertificate } from './sign-certificate.js';
import { signedFirmwareStatusNotification } from './signed-firmware-status-notification.js';
import { signedUpdateFirmware } from './signed-update-firmware.js';
import { setChargingProfile } from './set-charging-profile.js';
import { startTransaction } from './start-transaction.js';
import { statusNotification } from './status-notification.js';
import { stopTransaction } from './stop-transaction.js';
import { triggerMessage } from './trigger-message.js';
import { unlockConnector } from './unlock-connector.js';
import { updateFirmware } from './update-firmware.js';

/** OCPP 1.6J: the table of contents. */
export const v16: Version = {
  name: 'v16',
  subprotocol: 'ocpp1.6',
  compresses: false,
  limits: {
    keysPerRead: 'GetConfigurationMaxKeys',
    localList: { perMessage: 'SendLocalListMaxLength', capacity: 'LocalAuthListMaxLength', enabled: 'LocalAuthListEnabled' },
  },
  longestToken: maxIdTagLength,
  actions,
  fromStation: [
    authorize,
    bootNotification,
    dataTransfer,
    diagnosticsStatusNotification,
    firmwareStatusNotification,
    heartbeat,
    logStatusNotification,
    meterValues,
    securityEventNotification,
    signCertificate,
    signedFirmwareStatusNotification,
    startTransaction,
    statusNotification,
    stopTransaction,
  ],
  toStation: [
    cancelReservation,
    certificateSigned,
    changeAvailability,
    changePassword,
    raiseSecurityProfile,
    // Of several asks by one action, the last is what a request by hand is taken for.
    changeConfiguration,
    clearCache,
    clearChargingProfile,
    dataTransferToStation,
    deleteCertificate,
    extendedTriggerMessage,
    getCompositeSchedule,
    getConfiguration,
    getDiagnostics,
    getLocalListVersion,
    getInstalledCertificateIds,
    getLog,
    installCertificate,
    remoteStartTransaction,
    remoteStopTransaction,
    reserveNow,
    reset,
    sendLocalList,
    signedUpdateFirmware,
    setChargingProfile,
    triggerMessage,
    unlockConnector,
    updateFirmware,
  ],
};
