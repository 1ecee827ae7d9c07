import { dataTransfer } from './data-transfer.js';
import type { Dialect, ReadingContext } from './dialect.js';
import type { Reading } from './energy-meter.js';
import type { Charge, StopReason, Token } from './evse.js';
import type { TransactionMessage } from './offline-queue.js';
import { asPayload } from './rpc/frames.js';
import type { Payload } from './rpc/frames.js';
import { samplesOf } from './sampled-values.js';
import { v201Commands } from './v201-commands.js';

/** Each EVSE has one connector. */
const connectorId = 1;

interface EndWords {
  readonly stoppedReason: string;
  readonly triggerReason: string;
}

const endWords: Readonly<Record<StopReason, EndWords>> = {
  Local: { stoppedReason: 'Local', triggerReason: 'StopAuthorized' },
  Remote: { stoppedReason: 'Remote', triggerReason: 'RemoteStop' },
  EVDisconnected: { stoppedReason: 'EVDisconnected', triggerReason: 'EVDeparted' },
  DeAuthorized: { stoppedReason: 'DeAuthorized', triggerReason: 'Deauthorized' },
  EmergencyStop: { stoppedReason: 'EmergencyStop', triggerReason: 'AbnormalCondition' },
  PowerLoss: { stoppedReason: 'PowerLoss', triggerReason: 'AbnormalCondition' },
  Reboot: { stoppedReason: 'Reboot', triggerReason: 'ResetCommand' },
  HardReset: { stoppedReason: 'ImmediateReset', triggerReason: 'ResetCommand' },
  SoftReset: { stoppedReason: 'Reboot', triggerReason: 'ResetCommand' },
  UnlockCommand: { stoppedReason: 'Other', triggerReason: 'UnlockCommand' },
  Other: { stoppedReason: 'Other', triggerReason: 'AbnormalCondition' },
};

/** A station that speaks OCPP 2.0.1. */
export const v201Station: Dialect = {
  protocol: 'ocpp2.0.1',
  bootInterval: 'interval',

  boot: ({ id, vendor, model, firmware }, reason) => ({
    action: 'BootNotification',
    payload: { reason, chargingStation: { vendorName: vendor, model, serialNumber: id.slice(0, 25), firmwareVersion: firmware } },
  }),

  heartbeat: () => ({ action: 'Heartbeat', payload: {} }),

  authorize: (token) => ({ action: 'Authorize', payload: { idToken: idToken(token) } }),

  verdict(result) {
    const status = asPayload(result['idTokenInfo'])['status'];
    return typeof status === 'string' ? status : undefined;
  },

  group(result) {
    const group = asPayload(asPayload(result['idTokenInfo'])['groupIdToken'])['idToken'];
    return typeof group === 'string' ? group : undefined;
  },

  dataTransfer,

  statusWord: (status) => (['Available', 'Reserved', 'Unavailable', 'Faulted'].includes(status) ? status : 'Occupied'),

  status: (evse, status, at) =>
    evse === 0
      ? undefined
      : {
          action: 'StatusNotification',
          payload: { timestamp: timestamp(at), connectorStatus: v201Station.statusWord(status), evseId: evse, connectorId },
        },

  meterValues: (evse, reading, context) => ({
    action: 'MeterValues',
    payload: { evseId: evse, meterValue: [meterValue(reading, context)] },
  }),

  started(charge, offline) {
    charge.transactionId = charge.localId;
    return transactionEvent(charge, charge.began, 'Transaction.Begin', offline, {
      eventType: 'Started',
      triggerReason: charge.remoteStartId === undefined ? 'Authorized' : 'RemoteStart',
      info: { chargingState: 'EVConnected', ...(charge.remoteStartId !== undefined && { remoteStartId: charge.remoteStartId }) },
      token: charge.token,
    });
  },

  powered: (charge, reading, offline) =>
    transactionEvent(charge, reading, 'Sample.Periodic', offline, {
      eventType: 'Updated',
      triggerReason: 'ChargingStateChanged',
      info: { chargingState: 'Charging' },
    }),

  metered: (charge, reading, context, offline) =>
    transactionEvent(charge, reading, context, offline, {
      eventType: 'Updated',
      triggerReason: context === 'Trigger' ? 'Trigger' : 'MeterValuePeriodic',
      info: { chargingState: charge.powered ? 'Charging' : 'EVConnected' },
    }),

  ended(charge, reading, reason, { offline, token }) {
    const { stoppedReason, triggerReason } = endWords[reason];
    return transactionEvent(charge, reading, 'Transaction.End', offline, {
      eventType: 'Ended',
      triggerReason,
      info: { chargingState: reason === 'EVDisconnected' ? 'Idle' : 'EVConnected', stoppedReason },
      // Only a driver who stops at the station shows a token.
      token: reason === 'Local' ? token : undefined,
    });
  },

  variables: (plate) => ({
    settings: {
      heartbeatSeconds: 'OCPPCommCtrlr.HeartbeatInterval',
      meterSeconds: 'SampledDataCtrlr.TxUpdatedInterval',
      authorizeRemote: 'AuthCtrlr.AuthorizeRemoteStart',
      stopOnInvalidToken: 'TxCtrlr.StopTxOnInvalidId',
      localList: 'LocalAuthListCtrlr.Enabled',
      messageAttempts: 'OCPPCommCtrlr.MessageAttempts',
      retrySeconds: 'OCPPCommCtrlr.MessageAttemptInterval',
      password: 'SecurityCtrlr.BasicAuthPassword',
    },
    fixed: {
      'ChargingStation.Model': plate.model,
      'ChargingStation.VendorName': plate.vendor,
      'SecurityCtrlr.Identity': plate.id,
      'SecurityCtrlr.SecurityProfile': '1',
      'DeviceDataCtrlr.ItemsPerMessage': '20',
      'DeviceDataCtrlr.BytesPerMessage': '65000',
      'TxCtrlr.TxStartPoint': 'Authorized',
      'TxCtrlr.TxStopPoint': 'Authorized',
    },
    kept: {
      'OCPPCommCtrlr.WebSocketPingInterval': '0',
      'OCPPCommCtrlr.OfflineThreshold': '60',
      'OCPPCommCtrlr.ResetRetries': '1',
      'TxCtrlr.EVConnectionTimeOut': '60',
      'AlignedDataCtrlr.Interval': '0',
      'AuthCtrlr.LocalPreAuthorize': 'false',
    },
  }),

  commands: v201Commands,
};

interface EventWords {
  readonly eventType: 'Started' | 'Updated' | 'Ended';
  readonly triggerReason: string;
  readonly info: Payload;
  readonly token?: Token;
}

function transactionEvent(
  charge: Charge,
  reading: Reading,
  context: ReadingContext,
  offline: boolean,
  words: EventWords,
): TransactionMessage {
  // Numbered when it happens, not when it is sent.
  const seqNo = charge.nextSequence++;
  const payload: Payload = {
    eventType: words.eventType,
    timestamp: timestamp(reading.at),
    triggerReason: words.triggerReason,
    seqNo,
    ...(offline && { offline: true }),
    ...(charge.reservationId !== undefined && seqNo === 0 && { reservationId: charge.reservationId }),
    transactionInfo: { transactionId: charge.localId, ...words.info },
    evse: { id: charge.evse, connectorId },
    ...(words.token && { idToken: idToken(words.token) }),
    meterValue: [meterValue(reading, context)],
  };
  return { action: 'TransactionEvent', payload: () => payload };
}

function idToken({ idToken: value, type }: Token): Payload {
  return { idToken: value, type };
}

function timestamp(at: number): string {
  return new Date(at).toISOString();
}

function meterValue(reading: Reading, context: ReadingContext): Payload {
  return {
    timestamp: timestamp(reading.at),
    sampledValue: samplesOf(reading)
      // OCPP 2.0.1 has no temperature among its measurands.
      .filter(({ measurand }) => measurand !== 'Temperature')
      .map(({ measurand, value, unit, phase, location }) => ({
        value,
        context,
        measurand,
        ...(phase && { phase }),
        location,
        unitOfMeasure: { unit },
      })),
  };
}
