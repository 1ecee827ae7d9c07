import { configurationKey, type StationRef, type StoredVariable } from '@ohmnibus/domain';
import type { ConfigurationStore } from './configuration-store.js';

/**
 * What the station says of some of its variables, each in its place; undefined where it is not to be learnt.
 * @param ask asks the station for those that nobody has read yet
 */
export async function readVariables(
  store: Pick<ConfigurationStore, 'find'>,
  station: StationRef,
  names: readonly string[],
  ask: (names: readonly string[]) => Promise<void>,
): Promise<(StoredVariable | undefined)[]> {
  const keys = names.map((variable) => configurationKey({ variable }));
  const known = await store.find(station, keys);
  const missing = names.filter((_, i) => !known.has(keys[i]!));
  if (missing.length === 0) return keys.map((key) => known.get(key));
  await ask(missing);
  const read = await store.find(station, keys);
  return keys.map((key) => read.get(key));
}

/** The whole number that a variable holds; undefined if it holds none or is not known. */
export function wholeNumber(variable: StoredVariable | undefined, atLeast: number): number | undefined {
  const value = /^\d{1,9}$/.test(variable?.value?.trim() ?? '') ? Number(variable?.value) : undefined;
  return value !== undefined && value >= atLeast ? value : undefined;
}
