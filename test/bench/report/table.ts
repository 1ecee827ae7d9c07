import type { Bound } from '../measure/series.js';
import type { Notation, RowResult } from '../rows/row-result.js';

const headings = ['row', 'what', 'median', 'spread', 'gate', 'goal', ''];

/** The rows as lines of a Markdown table. */
export function table(rows: readonly RowResult[]): string[] {
  const cells = rows.map((row) => [
    row.row,
    row.what,
    figure(row.median, row.notation),
    row.values.length > 1 ? `${figure(row.lowest, row.notation)} to ${figure(row.highest, row.notation)}` : '',
    bound(row.gate, row.notation),
    row.goal ? bound(row.goal, row.notation) : '',
    `${row.passed ? (row.reached ? 'pass, goal reached' : 'pass') : 'FAIL'}${row.failedRounds > 0 ? ` (${row.failedRounds} rounds did not count)` : ''}`,
  ]);
  const widths = headings.map((heading, i) => Math.max(3, heading.length, ...cells.map((line) => line[i]!.length)));
  const lineOf = (line: readonly string[]) => `| ${line.map((cell, i) => cell.padEnd(widths[i]!)).join(' | ')} |`;
  return [lineOf(headings), lineOf(widths.map((width) => '-'.repeat(width))), ...cells.map(lineOf)];
}

function bound({ sense, value }: Bound, notation: Notation): string {
  return `${sense === 'at most' ? '<=' : '>='} ${figure(value, notation)}`;
}

function figure(value: number, notation: Notation): string {
  if (Number.isNaN(value)) return 'none';
  switch (notation) {
    case 'fraction':
      return `1/${(1 / value).toFixed(1).replace(/\.0$/, '')}`;
    case 'milliseconds':
      return `${value.toFixed(2)} ms`;
    case 'count':
      return String(value);
    case 'ratio':
      return value.toFixed(2);
  }
}
