import { meterValues as v16 } from '../v16/meter-values.js';
import { fromStation } from './dialect.js';
import { meterValuesOf } from './samples.js';

/** Other names for the lists, and two other units. */
export const meterValues = fromStation('MeterValues', v16, {
  request: ({ connectorId, transactionId, values = [] }) => ({ connectorId, transactionId, meterValue: meterValuesOf(values) }),
});
