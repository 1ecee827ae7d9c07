/** What one figure was in each round that counts. */
export interface Series {
  readonly values: readonly number[];
  readonly median: number;
  readonly lowest: number;
  readonly highest: number;
}

export function seriesOf(values: readonly number[]): Series {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const median = sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
  return { values, median: sorted.length === 0 ? Number.NaN : median, lowest: sorted[0] ?? Number.NaN, highest: sorted.at(-1) ?? Number.NaN };
}

/** A figure may be at most, or has to be at least, this. */
export interface Bound {
  readonly sense: 'at most' | 'at least';
  readonly value: number;
}

/** No figure keeps no bound. */
export function keeps({ sense, value }: Bound, figure: number): boolean {
  return sense === 'at most' ? figure <= value : figure >= value;
}
