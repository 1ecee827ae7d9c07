import type { Reading } from './energy-meter.js';

/** One value of a meter, before a version puts it into its own shape. */
export interface Sample {
  readonly measurand: string;
  readonly value: number;
  readonly unit: string;
  readonly phase?: string;
  readonly location: 'Outlet' | 'EV' | 'Body';
}

/** The ten values that a three-phase station sends with every reading. */
export function samplesOf({ registerWh, powerW, currentA, voltageV, socPercent, temperatureC }: Reading): Sample[] {
  const outlet = 'Outlet' as const;
  return [
    { measurand: 'Energy.Active.Import.Register', value: registerWh, unit: 'Wh', location: outlet },
    { measurand: 'Power.Active.Import', value: round(powerW), unit: 'W', location: outlet },
    ...currentA.map((value, i) => ({ measurand: 'Current.Import', value: round(value), unit: 'A', phase: `L${i + 1}`, location: outlet })),
    ...voltageV.map((value, i) => ({ measurand: 'Voltage', value: round(value), unit: 'V', phase: `L${i + 1}-N`, location: outlet })),
    ...(socPercent === undefined ? [] : [{ measurand: 'SoC', value: socPercent, unit: 'Percent', location: 'EV' as const }]),
    { measurand: 'Temperature', value: round(temperatureC), unit: 'Celsius', location: 'Body' },
  ];
}

/** Meters show tenths. */
function round(value: number): number {
  return Math.round(value * 10) / 10;
}
