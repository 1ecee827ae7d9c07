import { sampledValue, type Quirks, type Sample, type SampledValue } from '@ohmnibus/domain';
import { meantEnergy } from '../energy-factor.js';
import { readTime } from '../validation.js';
import type { Request } from './dialect.js';

type MeterValue = NonNullable<Request<'TransactionEvent'>['meterValue']>[number];

/** What a 2.0.1 station measured. Of signed data everything is kept that checking the signature takes, as JSON. */
export function readSamples(meterValues: readonly MeterValue[], quirks?: Quirks): Sample[] {
  return meterValues.map(({ timestamp, sampledValue: values }) => ({ at: readTime(timestamp), values: values.map((value) => readValue(value, quirks)) }));
}

function readValue(reading: MeterValue['sampledValue'][number], quirks?: Quirks): SampledValue {
  const { value, unitOfMeasure, signedMeterValue, measurand, phase, location, context } = reading;
  return sampledValue(
    { value: quirks ? meantEnergy(value, quirks, measurand, unitOfMeasure?.unit) : value, raw: signedMeterValue && JSON.stringify(signedMeterValue), unit: unitOfMeasure?.unit, measurand, phase, location, context },
    unitOfMeasure?.multiplier,
  );
}
