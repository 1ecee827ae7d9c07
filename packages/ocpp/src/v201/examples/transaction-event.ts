import { recordTransaction } from '@ohmnibus/domain';
import { received } from '../../examples.js';
import { transactionEvent } from '../transaction-event.js';

const timestamp = '2026-03-01T12:00:00Z';
const at = new Date(timestamp);
const signedMeterValue = { signedMeterData: 'AA==', signingMethod: 'ECDSA', encodingMethod: 'OCMF', publicKey: 'BB==' };

export const examples = received(transactionEvent, recordTransaction, {
  'a transaction starts with a token, and the verdict is answered': {
    request: {
      eventType: 'Started',
      timestamp,
      triggerReason: 'RemoteStart',
      seqNo: 0,
      reservationId: 9,
      offline: false,
      transactionInfo: { transactionId: 'tx-1', chargingState: 'EVConnected', remoteStartId: 7 },
      evse: { id: 2, connectorId: 3 },
      idToken: { idToken: '04A2B3C4D5', type: 'ISO14443' },
    },
    input: {
      kind: 'started',
      transaction: { key: 'tx-1' },
      evse: { evse: 2, connector: 3 },
      token: { value: '04A2B3C4D5', kind: 'ISO14443' },
      at,
      samples: [],
      sequence: 0,
      trigger: 'RemoteStart',
      chargingState: 'EVConnected',
      remoteStartId: 7,
      reservationId: 9,
      offline: false,
    },
    outcome: { number: 12, authorization: { status: 'Accepted', group: 'FLEET-7' } },
    reply: { idTokenInfo: { status: 'Accepted', groupIdToken: { idToken: 'FLEET-7', type: 'Central' } } },
  },
  'an event without EVSE or token is answered with nothing': {
    request: {
      eventType: 'Updated',
      timestamp,
      triggerReason: 'ChargingStateChanged',
      seqNo: 4,
      transactionInfo: { transactionId: 'tx-1' },
    },
    input: { kind: 'updated', transaction: { key: 'tx-1' }, at, samples: [], sequence: 4, trigger: 'ChargingStateChanged' },
    outcome: { number: 12, authorization: { status: 'Accepted' } },
    reply: {},
  },
  'an EVSE without a connector leaves it to another event to name one': {
    request: {
      eventType: 'Updated',
      timestamp: '2026-03-01T13:00:00.0001+01:00',
      triggerReason: 'CablePluggedIn',
      seqNo: 1,
      transactionInfo: { transactionId: 'tx-1' },
      evse: { id: 2 },
    },
    input: {
      kind: 'updated',
      transaction: { key: 'tx-1' },
      evse: { evse: 2 },
      at,
      samples: [],
      sequence: 1,
      trigger: 'CablePluggedIn',
    },
  },
  'readings come in plain units, without what the defaults say': {
    request: {
      eventType: 'Updated',
      timestamp,
      triggerReason: 'MeterValuePeriodic',
      seqNo: 5,
      transactionInfo: { transactionId: 'tx-1', chargingState: 'Charging', timeSpentCharging: 60 },
      meterValue: [
        {
          timestamp,
          sampledValue: [
            { value: 1500 },
            { value: 1.005, unitOfMeasure: { unit: 'kWh' }, measurand: 'Energy.Active.Import.Register', location: 'Outlet' },
            { value: 1.5, unitOfMeasure: { unit: 'Wh', multiplier: 3 }, context: 'Sample.Periodic' },
            { value: 15, unitOfMeasure: { unit: 'kWh', multiplier: -1 }, context: 'Sample.Clock' },
            { value: 2301, unitOfMeasure: { unit: 'V', multiplier: -1 }, measurand: 'Voltage', phase: 'L2', location: 'Inlet' },
            { value: 1, unitOfMeasure: { multiplier: 400 } },
            { value: 5, unitOfMeasure: { unit: 'constructor' } },
          ],
        },
      ],
    },
    input: {
      kind: 'updated',
      transaction: { key: 'tx-1' },
      at,
      samples: [
        {
          at,
          values: [
            { value: 1500 },
            { value: 1005 },
            { value: 1500 },
            { value: 1500, context: 'Sample.Clock' },
            { value: 230.1, unit: 'V', measurand: 'Voltage', phase: 'L2', location: 'Inlet' },
            { raw: '1e400' },
            { value: 5, unit: 'constructor' },
          ],
        },
      ],
      sequence: 5,
      trigger: 'MeterValuePeriodic',
      chargingState: 'Charging',
    },
  },
  'the last event brings signed readings from when the station was offline': {
    request: {
      eventType: 'Ended',
      timestamp: '2026-03-01T12:00:00',
      triggerReason: 'EVDeparted',
      seqNo: 6,
      offline: true,
      transactionInfo: { transactionId: 'tx-1', stoppedReason: 'EVDisconnected' },
      meterValue: [{ timestamp, sampledValue: [{ value: 9500, context: 'Transaction.End', signedMeterValue }] }],
    },
    input: {
      kind: 'ended',
      transaction: { key: 'tx-1' },
      at,
      samples: [{ at, values: [{ value: 9500, raw: JSON.stringify(signedMeterValue), context: 'Transaction.End' }] }],
      sequence: 6,
      trigger: 'EVDeparted',
      stopReason: 'EVDisconnected',
      offline: true,
      flags: ['no-time-zone'],
    },
    outcome: { number: 12 },
    reply: {},
  },
  'an end without a reason is Local, and the stopping token is answered': {
    request: {
      eventType: 'Ended',
      timestamp,
      triggerReason: 'StopAuthorized',
      seqNo: 7,
      transactionInfo: { transactionId: 'tx-1' },
      idToken: { idToken: '04A2B3C4D5', type: 'ISO14443' },
    },
    input: {
      kind: 'ended',
      transaction: { key: 'tx-1' },
      token: { value: '04A2B3C4D5', kind: 'ISO14443' },
      at,
      samples: [],
      sequence: 7,
      trigger: 'StopAuthorized',
      stopReason: 'Local',
    },
    outcome: { number: 12, authorization: { status: 'Expired', expiresAt: new Date('2026-01-01T00:00:00Z') } },
    reply: { idTokenInfo: { status: 'Expired', cacheExpiryDateTime: '2026-01-01T00:00:00.000Z' } },
  },
});
