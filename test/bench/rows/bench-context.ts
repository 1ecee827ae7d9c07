import type { BenchBacking } from '../contenders/bench-backing.js';
import type { TimedRun } from '../measure/timed-run.js';
import type { BenchOptions } from '../options.js';

/** What every row has at hand. */
export interface BenchContext {
  readonly options: BenchOptions;
  readonly backing: BenchBacking;
  /** Tells how it goes. */
  say(line: string): void;
  /** Notes a timed run of which every answer was checked. Returns whether it counts. */
  checked(label: string, problems: readonly string[]): boolean;
  /** Notes what a turn was measured to be. */
  measured(label: string, run: TimedRun): boolean;
  /** Something that starts, to be stopped if the benchmark is broken off. */
  use<T extends { stop(): Promise<unknown> }>(starting: Promise<T>): Promise<T>;
  /** Stops it now. */
  release(used: { stop(): Promise<unknown> }): Promise<void>;
}
