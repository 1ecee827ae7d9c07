import { cpus } from 'node:os';
import { cores } from '../measure/process-tree.js';
import type { TimedRun } from '../measure/timed-run.js';
import type { RowResult } from '../rows/row-result.js';

/** Everything that a run of the benchmark found out. */
export interface Results {
  /** RFC 3339. */
  readonly at: string;
  readonly machine: string;
  readonly software: readonly string[];
  readonly rounds: number;
  readonly seconds: number;
  readonly rows: readonly RowResult[];
  /** Every turn, by its label. */
  readonly runs: readonly { readonly label: string; readonly run: TimedRun }[];
  readonly passed: boolean;
}

export function machineName(): string {
  return `${cores} cores (${cpus()[0]?.model.trim() ?? 'unknown'}), ${process.platform} ${process.arch}`;
}
