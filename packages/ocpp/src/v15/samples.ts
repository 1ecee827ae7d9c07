import type { Request as V16Request } from '../v16/dialect.js';
import type { MeterValue, Sample } from './wire.js';

type V16MeterValue = V16Request<'MeterValues'>['meterValue'][number];

const units = { Amp: 'A', Volt: 'V' } as const;

/** Meter values as 1.6 writes them. */
export function meterValuesOf(meterValues: readonly MeterValue[]): V16MeterValue[] {
  return meterValues.map(({ timestamp, value = [], values = value }) => ({ timestamp, sampledValue: values.map(sampleOf) }));
}

function sampleOf({ unit, ...rest }: Sample): V16MeterValue['sampledValue'][number] {
  return { ...rest, unit: unit === 'Amp' || unit === 'Volt' ? units[unit] : unit };
}
