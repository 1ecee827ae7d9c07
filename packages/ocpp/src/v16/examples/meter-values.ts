import { recordSamples } from '@ohmnibus/domain';
import { received } from '../../examples.js';
import { meterValues } from '../meter-values.js';

const timestamp = '2026-03-01T12:00:00Z';
const at = new Date(timestamp);

export const examples = received(meterValues, recordSamples, {
  'what the defaults say is left out': {
    request: {
      connectorId: 1,
      transactionId: 12,
      meterValue: [
        {
          timestamp,
          sampledValue: [
            { value: '1500' },
            {
              value: '1500.5',
              context: 'Sample.Periodic',
              format: 'Raw',
              measurand: 'Energy.Active.Import.Register',
              location: 'Outlet',
              unit: 'Wh',
            },
          ],
        },
      ],
    },
    input: {
      evse: { evse: 1, connector: 1 },
      transaction: { number: 12 },
      samples: [{ at, values: [{ value: 1500 }, { value: 1500.5 }] }],
    },
    outcome: {},
    reply: {},
  },
  'what differs from the defaults is kept, in plain units': {
    request: {
      connectorId: 2,
      transactionId: 12,
      meterValue: [
        {
          timestamp,
          sampledValue: [
            { value: '1.005', unit: 'kWh', context: 'Transaction.Begin' },
            { value: '7.36', unit: 'kW', measurand: 'Power.Active.Import' },
            { value: '16.1', unit: 'A', measurand: 'Current.Import', phase: 'L1' },
            { value: '-0.5', unit: 'kvar', measurand: 'Power.Reactive.Import', phase: 'L1-N', location: 'Inlet' },
            { value: '21', unit: 'Celcius', measurand: 'Temperature', location: 'Body' },
            { value: '22', unit: 'Celsius', measurand: 'Temperature', location: 'Cable' },
            { value: '80', unit: 'Percent', measurand: 'SoC', location: 'EV' },
          ],
        },
      ],
    },
    input: {
      evse: { evse: 2, connector: 1 },
      transaction: { number: 12 },
      samples: [
        {
          at,
          values: [
            { value: 1005, context: 'Transaction.Begin' },
            { value: 7360, unit: 'W', measurand: 'Power.Active.Import' },
            { value: 16.1, unit: 'A', measurand: 'Current.Import', phase: 'L1' },
            { value: -500, unit: 'var', measurand: 'Power.Reactive.Import', phase: 'L1-N', location: 'Inlet' },
            { value: 21, unit: 'Celsius', measurand: 'Temperature', location: 'Body' },
            { value: 22, unit: 'Celsius', measurand: 'Temperature', location: 'Cable' },
            { value: 80, unit: 'Percent', measurand: 'SoC', location: 'EV' },
          ],
        },
      ],
    },
  },
  'numbers are read however they are spelt, and what is no number stays text': {
    request: {
      connectorId: 1,
      meterValue: [
        {
          timestamp,
          sampledValue: ['0', '+12', '.5', '3.', '1e3', ' 7 ', '', ' ', 'NaN', 'Infinity', '0x10', '12,5', '1e999'].map((value) => ({
            value,
          })),
        },
        { timestamp, sampledValue: [{ value: '1234', format: 'SignedData', unit: 'kWh' }] },
      ],
    },
    input: {
      evse: { evse: 1, connector: 1 },
      samples: [
        {
          at,
          values: [
            ...[0, 12, 0.5, 3, 1000, 7].map((value) => ({ value })),
            ...['', ' ', 'NaN', 'Infinity', '0x10', '12,5', '1e999'].map((raw) => ({ raw })),
          ],
        },
        { at, values: [{ raw: '1234', unit: 'kWh' }] },
      ],
    },
  },
  'times are read in any form, and remarked on without a zone': {
    request: {
      connectorId: 0,
      meterValue: [
        { timestamp: '2026-03-01T14:00:00.123456789+02:00', sampledValue: [{ value: '1' }] },
        { timestamp: '2026-03-01 17:30:00+0530', sampledValue: [] },
        { timestamp: '2026-03-01T13:00:00+01', sampledValue: [] },
        { timestamp: '2026-02-28T23:59:60z', sampledValue: [] },
        { timestamp: '2026-03-01T12:00:00.5', sampledValue: [] },
      ],
    },
    input: {
      evse: { evse: 0, connector: 0 },
      samples: [
        { at: new Date('2026-03-01T12:00:00.123Z'), values: [{ value: 1 }] },
        { at, values: [] },
        { at, values: [] },
        { at: new Date('2026-02-28T23:59:59Z'), values: [] },
        { at: new Date('2026-03-01T12:00:00.500Z'), values: [] },
      ],
      flags: ['no-time-zone'],
    },
  },
  'a transaction that is not ours is passed on': {
    request: { connectorId: 1, transactionId: -1, meterValue: [] },
    input: { evse: { evse: 1, connector: 1 }, transaction: { number: -1 }, samples: [] },
    outcome: {},
    reply: {},
  },
});
