import { recordSamples } from '@ohmnibus/domain';
import { received } from '../../examples.js';
import { meterValues } from '../meter-values.js';

const timestamp = '2013-03-07T16:52:16Z';
const at = new Date(timestamp);

const readings = [
  { value: '1500' },
  { value: '3', unit: 'kvarh', measurand: 'Energy.Reactive.Import.Register', context: 'Sample.Clock', format: 'Raw', location: 'Outlet' },
];
const meaning = {
  input: {
    evse: { evse: 2, connector: 1 },
    transaction: { number: 12 },
    samples: [{ at, values: [{ value: 1500 }, { value: 3000, unit: 'varh', measurand: 'Energy.Reactive.Import.Register', context: 'Sample.Clock' }] }],
  },
  outcome: {},
  reply: {},
};

export const examples = received(meterValues, recordSamples, {
  'the readings of a moment are called value': { request: { connectorId: 2, transactionId: 12, values: [{ timestamp, value: readings }] }, ...meaning },
  'or values, as the first JSON dialect had it': { request: { connectorId: 2, transactionId: 12, values: [{ timestamp, values: readings }] }, ...meaning },
  'units of 1.5 are those of later versions': {
    request: {
      connectorId: 0,
      values: [
        {
          timestamp,
          value: [
            { value: '16.1', unit: 'Amp', measurand: 'Current.Import' },
            { value: '230', unit: 'Volt', measurand: 'Voltage' },
            { value: '21', unit: 'Celsius', measurand: 'Temperature', location: 'Body' },
            { value: '16', unit: 'A', measurand: 'Current.Import', phase: 'L1' },
          ],
        },
      ],
    },
    input: {
      evse: { evse: 0, connector: 0 },
      samples: [
        {
          at,
          values: [
            { value: 16.1, unit: 'A', measurand: 'Current.Import' },
            { value: 230, unit: 'V', measurand: 'Voltage' },
            { value: 21, unit: 'Celsius', measurand: 'Temperature', location: 'Body' },
            { value: 16, unit: 'A', measurand: 'Current.Import', phase: 'L1' },
          ],
        },
      ],
    },
  },
  'a message without readings is answered all the same': {
    request: { connectorId: 1, transactionId: -1 },
    input: { evse: { evse: 1, connector: 1 }, transaction: { number: -1 }, samples: [] },
    outcome: {},
    reply: {},
  },
});
