import type { Dialect, Request } from './dialect.js';
import type { ConnectorStatus } from './evse.js';
import type { TransactionMessage } from './offline-queue.js';
import { asPayload } from './rpc/frames.js';
import type { Payload } from './rpc/frames.js';
import { v15Commands } from './v15-commands.js';
import { v16Station } from './v16-station.js';

/** A station that speaks OCPP 1.5 over JSON: a 1.6 station with fewer words. */
export const v15Station: Dialect = {
  ...v16Station,
  protocol: 'ocpp1.5',
  bootInterval: 'heartbeatInterval',
  statusWord: word,

  status(evse, status, at) {
    const report = v16Station.status(evse, status, at);
    return report && { ...report, payload: { ...report.payload, status: word(status) } };
  },

  meterValues: (...reading) => rewritten(v16Station.meterValues(...reading)),

  metered: (...reading) => rewrittenLater(v16Station.metered(...reading)),

  ended: (...end) => rewrittenLater(v16Station.ended(...end)),

  firmwareStatus: (status) => (status === 'Downloading' || status === 'Installing' ? undefined : v16Station.firmwareStatus?.(status, undefined)),

  logStatus: (status) => (status === 'Uploading' ? undefined : v16Station.logStatus?.(status, undefined)),

  variables(plate) {
    const { settings, fixed, kept } = v16Station.variables(plate);
    const { NumberOfConnectors = '', ChargePointModel = '' } = fixed;
    const { ConnectionTimeOut = '', ClockAlignedDataInterval = '', ResetRetries = '' } = kept;
    return {
      settings: { ...settings, heartbeatSeconds: 'HeartBeatInterval' },
      fixed: { NumberOfConnectors, ChargePointModel, MeterValuesSampledData: 'Energy.Active.Import.Register,Power.Active.Import,Temperature' },
      kept: { ConnectionTimeOut, ClockAlignedDataInterval, ResetRetries, BlinkRepeat: '3', LightIntensity: '100' },
    };
  },

  commands: v15Commands,
};

/** A connector with a car is occupied, whatever the car does. */
function word(status: ConnectorStatus): string {
  return status === 'Available' || status === 'Reserved' || status === 'Unavailable' || status === 'Faulted' ? status : 'Occupied';
}

function rewritten({ action, payload }: Request): Request {
  return { action, payload: inV15(payload) };
}

function rewrittenLater(message: TransactionMessage): TransactionMessage {
  return { ...message, payload: () => inV15(message.payload()) };
}

/** MeterValues and StopTransaction: other names for the readings, and no reason for an end. */
function inV15({ meterValue, transactionData, reason: _reason, ...rest }: Payload): Payload {
  return {
    ...rest,
    ...(meterValue !== undefined && { values: listOf(meterValue).map(moment) }),
    ...(transactionData !== undefined && { transactionData: [{ values: listOf(transactionData).map(moment) }] }),
  };
}

function moment({ timestamp, sampledValue }: Payload): Payload {
  return { timestamp, value: listOf(sampledValue).filter(known) };
}

/** 1.5 tells no phases apart, and does not know how full a car is. */
function known({ phase, measurand }: Payload): boolean {
  return phase === undefined && measurand !== 'SoC';
}

function listOf(value: unknown): Payload[] {
  return Array.isArray(value) ? value.map(asPayload) : [];
}
