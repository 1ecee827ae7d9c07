import { dataTransfer } from './data-transfer.js';
import type { Dialect, ReadingContext } from './dialect.js';
import type { Reading } from './energy-meter.js';
import { localListLimits } from './local-list.js';
import { asPayload } from './rpc/frames.js';
import type { Payload } from './rpc/frames.js';
import { samplesOf } from './sampled-values.js';
import { v16Commands } from './v16-commands.js';
import { firmwareStatus, logStatus } from './v16-maintenance.js';

/** Stands for a transaction whose start the CSMS never acknowledged (1.6 errata 3.18). */
const unknownTransaction = -1;

/** A station that speaks OCPP 1.6. */
export const v16Station: Dialect = {
  protocol: 'ocpp1.6',
  bootInterval: 'interval',

  boot: ({ id, vendor, model, firmware }) => ({
    action: 'BootNotification',
    payload: { chargePointVendor: vendor, chargePointModel: model, chargePointSerialNumber: id.slice(0, 25), firmwareVersion: firmware },
  }),

  heartbeat: () => ({ action: 'Heartbeat', payload: {} }),

  authorize: ({ idToken }) => ({ action: 'Authorize', payload: { idTag: idToken } }),

  verdict(result) {
    const status = asPayload(result['idTagInfo'])['status'];
    return typeof status === 'string' ? status : undefined;
  },

  group(result) {
    const group = asPayload(result['idTagInfo'])['parentIdTag'];
    return typeof group === 'string' ? group : undefined;
  },

  dataTransfer,

  statusWord: (status) => status,

  status: (evse, status, at) => ({
    action: 'StatusNotification',
    payload: { connectorId: evse, errorCode: status === 'Faulted' ? 'OtherError' : 'NoError', status, timestamp: timestamp(at) },
  }),

  meterValues: (evse, reading, context) => ({
    action: 'MeterValues',
    payload: { connectorId: evse, meterValue: [meterValue(reading, context)] },
  }),

  started: (charge) => ({
    action: 'StartTransaction',
    payload: () => ({
      connectorId: charge.evse,
      idTag: charge.token.idToken,
      meterStart: charge.began.registerWh,
      timestamp: timestamp(charge.began.at),
      ...(charge.reservationId !== undefined && { reservationId: charge.reservationId }),
    }),
    acknowledged(result) {
      if (typeof result['transactionId'] === 'number') charge.transactionId = result['transactionId'];
    },
  }),

  powered: () => undefined,

  metered: (charge, reading, context) => ({
    action: 'MeterValues',
    payload: () => ({
      connectorId: charge.evse,
      transactionId: charge.transactionId ?? unknownTransaction,
      meterValue: [meterValue(reading, context)],
    }),
  }),

  ended: (charge, reading, reason, { transactionData, token }) => ({
    action: 'StopTransaction',
    payload: () => ({
      transactionId: charge.transactionId ?? unknownTransaction,
      // Only a driver who stops at the station shows a token.
      ...(reason === 'Local' && { idTag: token.idToken }),
      meterStop: reading.registerWh,
      timestamp: timestamp(reading.at),
      reason,
      ...(transactionData && {
        transactionData: [meterValue(charge.began, 'Transaction.Begin'), meterValue(reading, 'Transaction.End')],
      }),
    }),
  }),

  firmwareStatus: (status, requestId) => firmwareStatus(status, requestId),

  logStatus: (status, requestId) => logStatus(status, requestId),

  variables: (plate) => ({
    settings: {
      heartbeatSeconds: 'HeartbeatInterval',
      meterSeconds: 'MeterValueSampleInterval',
      authorizeRemote: 'AuthorizeRemoteTxRequests',
      stopOnInvalidToken: 'StopTransactionOnInvalidId',
      localList: 'LocalAuthListEnabled',
      messageAttempts: 'TransactionMessageAttempts',
      retrySeconds: 'TransactionMessageRetryInterval',
      password: 'AuthorizationKey',
    },
    fixed: {
      NumberOfConnectors: String(plate.evses),
      SupportedFeatureProfiles: 'Core,FirmwareManagement,LocalAuthListManagement,RemoteTrigger,Reservation,SmartCharging',
      GetConfigurationMaxKeys: '50',
      LocalAuthListMaxLength: String(localListLimits.lines),
      SendLocalListMaxLength: String(localListLimits.linesPerMessage),
      ReserveConnectorZeroSupported: 'true',
      ChargeProfileMaxStackLevel: '99',
      ChargingScheduleAllowedChargingRateUnit: 'Current,Power',
      ChargingScheduleMaxPeriods: '1024',
      MaxChargingProfilesInstalled: '100',
      ConnectorPhaseRotationMaxLength: String(plate.evses + 1),
      MeterValuesAlignedDataMaxLength: '6',
      MeterValuesSampledDataMaxLength: '6',
      StopTxnAlignedDataMaxLength: '6',
      StopTxnSampledDataMaxLength: '6',
      SupportedFeatureProfilesMaxLength: '6',
      ChargePointModel: plate.model,
    },
    kept: {
      AllowOfflineTxForUnknownId: 'false',
      AuthorizationCacheEnabled: 'false',
      BlinkRepeat: '3',
      ConnectorPhaseRotation: 'NotApplicable',
      LightIntensity: '100',
      MaxEnergyOnInvalidId: '0',
      MeterValuesAlignedData: 'Energy.Active.Import.Register',
      MeterValuesSampledData: 'Energy.Active.Import.Register,Power.Active.Import,Current.Import,Voltage,SoC,Temperature',
      MinimumStatusDuration: '0',
      StopTransactionOnEVSideDisconnect: 'true',
      StopTxnAlignedData: '',
      StopTxnSampledData: '',
      ConnectionTimeOut: '60',
      ClockAlignedDataInterval: '0',
      LocalAuthorizeOffline: 'true',
      LocalPreAuthorize: 'false',
      ResetRetries: '1',
      UnlockConnectorOnEVSideDisconnect: 'true',
      WebSocketPingInterval: '0',
    },
  }),

  commands: v16Commands,
};

function timestamp(at: number): string {
  return new Date(at).toISOString();
}

/** 1.6 writes every value as text. */
function meterValue(reading: Reading, context: ReadingContext): Payload {
  return {
    timestamp: timestamp(reading.at),
    sampledValue: samplesOf(reading).map(({ measurand, value, unit, phase, location }) => ({
      value: String(value),
      context,
      format: 'Raw',
      measurand,
      ...(phase && { phase }),
      location,
      unit,
    })),
  };
}
