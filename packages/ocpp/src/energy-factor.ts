import type { Quirks } from '@ohmnibus/domain';

/** An energy reading of a station with quirks as it is meant; any other reading as it is. */
export function meantEnergy(value: number, { energyFactors }: Quirks, measurand = 'Energy.Active.Import.Register', unit = 'Wh'): number {
  if (!energyFactors || !measurand.startsWith('Energy.')) return value;
  return times(value, unit === 'Wh' ? energyFactors.Wh : unit === 'kWh' ? energyFactors.kWh : undefined);
}

/** The register of a start or a stop as it is meant. */
export function meantRegister(value: number, { energyFactors }: Quirks): number {
  return times(value, energyFactors?.register);
}

/** 15 digits are what a double holds for certain. */
function times(value: number, factor = 1): number {
  return factor === 1 ? value : Number((value * factor).toPrecision(15));
}
