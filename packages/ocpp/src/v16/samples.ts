import { sampledValue, type Sample, type SampledValue } from '@ohmnibus/domain';
import { readTime, zoneFlags } from '../validation.js';
import type { Request } from './dialect.js';

type MeterValue = Request<'MeterValues'>['meterValue'][number];

const decimal = /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/;

/** What a 1.6 station measured. Its values are text; what is no number, such as signed data, stays text. */
export function readSamples(meterValues: readonly MeterValue[]): Sample[] {
  return meterValues.map(({ timestamp, sampledValue: values }) => ({ at: readTime(timestamp), values: values.map(readValue) }));
}

/** What to remark on a record that holds these. */
export function sampleFlags(meterValues: readonly MeterValue[], ...timestamps: string[]) {
  return zoneFlags(...timestamps, ...meterValues.map(({ timestamp }) => timestamp));
}

function readValue({ value, format, unit, measurand, phase, location, context }: MeterValue['sampledValue'][number]): SampledValue {
  const number = format === 'SignedData' ? undefined : readNumber(value);
  return sampledValue({
    value: number,
    raw: number === undefined ? value : undefined,
    unit: unit === 'Celcius' ? 'Celsius' : unit, // The standard's own slip of the pen.
    measurand,
    phase,
    location,
    context,
  });
}

function readNumber(text: string): number | undefined {
  const number = decimal.test(text) ? Number(text) : NaN;
  return Number.isFinite(number) ? number : undefined;
}
