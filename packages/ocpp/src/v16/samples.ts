import { registerSample, sampledValue, type Quirks, type Sample, type SampledValue } from '@ohmnibus/domain';
import { meantEnergy, meantRegister } from '../energy-factor.js';
import { readTime, zoneFlags } from '../validation.js';
import type { Request } from './dialect.js';

type MeterValue = Request<'MeterValues'>['meterValue'][number];

const decimal = /^\s*[-+]?(\d+\.?\d*|\.\d+)([eE][-+]?\d+)?\s*$/;

/** What a 1.6 station measured. Its values are text; what is no number, such as signed data, stays text. */
export function readSamples(meterValues: readonly MeterValue[], quirks?: Quirks): Sample[] {
  return meterValues.map(({ timestamp, sampledValue: values }) => ({ at: readTime(timestamp), values: values.map((value) => readValue(value, quirks)) }));
}

/** The register that a start or a stop names. One that counts from zero in each transaction begins there, whatever the start says. */
export function readRegister(at: Date, meter: number, context: 'Transaction.Begin' | 'Transaction.End', quirks?: Quirks): Sample {
  if (!quirks) return registerSample(at, meter, context);
  const restarts = quirks.registerRestarts === true && context === 'Transaction.Begin';
  return registerSample(at, restarts ? 0 : meantRegister(meter, quirks), context);
}

/** What to remark on a record that holds these. */
export function sampleFlags(meterValues: readonly MeterValue[], ...timestamps: string[]) {
  return zoneFlags(...timestamps, ...meterValues.map(({ timestamp }) => timestamp));
}

function readValue({ value, format, unit, measurand, phase, location, context }: MeterValue['sampledValue'][number], quirks?: Quirks): SampledValue {
  const number = format === 'SignedData' ? undefined : readNumber(value);
  return sampledValue({
    value: number === undefined || !quirks ? number : meantEnergy(number, quirks, measurand, unit),
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
