import { recordSamples } from '@ohmnibus/domain';
import { fromStation } from './dialect.js';
import { evseOf } from './evse.js';
import { KnownMeterValues } from './known-meter-values.js';
import { readSamples, sampleFlags } from './samples.js';

/** Meter readings during a transaction, or by the clock outside one. Connector 0 is the station's main meter. */
export const meterValues = fromStation('MeterValues', recordSamples).translate({
  toInput: (request, origin, quirks) => ({
    origin,
    evse: evseOf(request.connectorId),
    // A number that is not ours, such as -1, is passed on: the readings are kept all the same.
    transaction: request.transactionId === undefined ? undefined : { number: request.transactionId },
    samples: readSamples(request.meterValue, quirks),
    flags: sampleFlags(request.meterValue),
  }),
  toReply: () => ({}),
  shortcut: new KnownMeterValues(),
});
