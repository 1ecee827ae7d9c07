import { keeps, seriesOf, type Bound, type Series } from '../measure/series.js';

/** How a figure is written: a plain ratio, a fraction of one (1/8), or milliseconds. */
export type Notation = 'ratio' | 'fraction' | 'milliseconds' | 'count';

/** One row of the table. */
export interface RowResult extends Series {
  /** As in the table of targets. */
  readonly row: string;
  readonly what: string;
  readonly notation: Notation;
  readonly gate: Bound;
  readonly goal: Bound | undefined;
  /** Rounds that did not count because an answer was lost or wrong. */
  readonly failedRounds: number;
  readonly passed: boolean;
  readonly reached: boolean;
}

/** @param rounds the figure in each round; undefined where the round failed */
export function rowResult(row: Pick<RowResult, 'row' | 'what' | 'notation' | 'gate' | 'goal'>, rounds: readonly (number | undefined)[]): RowResult {
  const series = seriesOf(rounds.filter((value) => value !== undefined));
  const measured = series.values.length > 0;
  return {
    ...row,
    ...series,
    failedRounds: rounds.length - series.values.length,
    passed: measured && keeps(row.gate, series.median),
    reached: measured && row.goal !== undefined && keeps(row.goal, series.median),
  };
}

export const atMost = (value: number): Bound => ({ sense: 'at most', value });
export const atLeast = (value: number): Bound => ({ sense: 'at least', value });
