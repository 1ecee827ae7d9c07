/** One measured value, in the vocabulary of OCPP 2. Fields left out have OCPP's defaults: energy register, Wh, outlet, periodic. */
export interface SampledValue {
  /** In `unit`; energy always in Wh and power always in W. NaN never; what is no number is kept in `raw`. */
  readonly value?: number;
  /** The station's own text, where it is not a plain number (signed meter data, for example). */
  readonly raw?: string;
  readonly measurand?: string;
  readonly unit?: string;
  readonly phase?: string;
  readonly location?: string;
  readonly context?: string;
}

/** What a station measured at one moment. */
export interface Sample {
  readonly at: Date;
  readonly values: readonly SampledValue[];
}

export const energyRegister = 'Energy.Active.Import.Register';

/**
 * The reading of the energy register that the last of these samples holds, in Wh: the total at the outlet, not a phase's.
 * Undefined if none has one.
 */
export function registerWh(samples: readonly Sample[]): number | undefined {
  for (let i = samples.length - 1; i >= 0; i--) {
    for (const value of samples[i]!.values) {
      const total = value.phase === undefined && (value.location === undefined || value.location === 'Outlet');
      if (total && value.value !== undefined && (value.measurand === undefined || value.measurand === energyRegister)) return value.value;
    }
  }
  return undefined;
}

/** A sample that holds nothing but the energy register. */
export function registerSample(at: Date, wh: number, context: 'Transaction.Begin' | 'Transaction.End'): Sample {
  return { at, values: [{ value: wh, context }] };
}

/** Units with a prefix, as stations of both versions send them, against the plain unit. */
const scales = new Map([
  ['kWh', { unit: 'Wh', factor: 1000 }],
  ['kvarh', { unit: 'varh', factor: 1000 }],
  ['kW', { unit: 'W', factor: 1000 }],
  ['kVA', { unit: 'VA', factor: 1000 }],
  ['kvar', { unit: 'var', factor: 1000 }],
]);

/**
 * A value in its plain unit: 1.5 kWh is 1500 Wh.
 * @param exponent a power of ten that the value still has to be multiplied by (2.x `multiplier`)
 */
export function inPlainUnit(value: number, unit: string | undefined, exponent = 0): { value: number; unit: string | undefined } {
  const scale = unit === undefined ? undefined : scales.get(unit);
  const factor = (scale?.factor ?? 1) * 10 ** exponent;
  // 15 digits are what a double holds for certain: a decimal of the station's does not become a binary fraction's tail.
  return { value: factor === 1 ? value : Number((value * factor).toPrecision(15)), unit: scale ? scale.unit : unit };
}

/** A value as it is kept: in its plain unit, without what the defaults say anyway, and as text if it is no finite number. */
export function sampledValue(reading: SampledValue, exponent = 0): SampledValue {
  // Written out field by field: this runs for every value of every station, and spreading objects takes ten times as long.
  const kept: { -readonly [Field in keyof SampledValue]: SampledValue[Field] } = {};
  let { unit } = reading;
  if (reading.value !== undefined) {
    const plain = inPlainUnit(reading.value, unit, exponent);
    unit = plain.unit;
    if (Number.isFinite(plain.value)) kept.value = plain.value;
    else kept.raw = `${reading.value}e${exponent}`;
  }
  if (reading.raw !== undefined) kept.raw = reading.raw;
  if (reading.measurand !== undefined && reading.measurand !== energyRegister) kept.measurand = reading.measurand;
  if (unit !== undefined && unit !== 'Wh') kept.unit = unit;
  if (reading.phase !== undefined) kept.phase = reading.phase;
  if (reading.location !== undefined && reading.location !== 'Outlet') kept.location = reading.location;
  if (reading.context !== undefined && reading.context !== 'Sample.Periodic') kept.context = reading.context;
  return kept;
}
