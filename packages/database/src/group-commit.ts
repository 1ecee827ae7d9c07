import { asFault, Fault } from '@ohmnibus/domain';

/** The window of what stations report: far below what a station notices, and enough to halve the cost of a commit's row under load. */
export const commitWindowMs = 8;

export interface GroupCommitOptions<Row, Result> {
  /** For metrics. */
  readonly name: string;
  /** Writes rows in one commit and answers each in its place. Rows of equal key are its business. */
  readonly write: (rows: readonly Row[]) => Promise<readonly Result[]>;
  readonly maxRows?: number;
  /** Commits under way at once. One batch is encoded while another waits for the disk. */
  readonly maxInFlight?: number;
  /**
   * Under load, commits begin at most this often, in milliseconds, so that there are fewer and larger ones; the first after a pause begins
   * at once. 0 by default, for what somebody waits for.
   */
  readonly windowMs?: number;
  /** Rows that may wait; beyond it a row fails as overloaded. */
  readonly maxWaiting?: number;
  readonly onCommit?: (batch: { readonly name: string; readonly rows: number; readonly seconds: number; readonly failed: boolean }) => void;
}

interface Waiting<Row, Result> {
  readonly row: Row;
  readonly resolve: (result: Result) => void;
  readonly reject: (fault: Fault) => void;
}

/**
 * Many rows, one commit. Idle, a row is written at the end of the event-loop turn; under load the rows that arrive during a commit, and
 * during the window if there is one, form the next one. Each promise settles after its commit. A row that the database will not have fails alone: the batch is halved until
 * it is found. If the database cannot be reached the whole batch fails as `unavailable`.
 */
export class GroupCommit<Row, Result> {
  private waiting: Waiting<Row, Result>[] = [];
  private inFlight = 0;
  private scheduled = false;
  private lastStart = -Infinity;
  private readonly idle: (() => void)[] = [];

  constructor(private readonly options: GroupCommitOptions<Row, Result>) {}

  get depth(): number {
    return this.waiting.length;
  }

  add(row: Row): Promise<Result> {
    if (this.waiting.length >= (this.options.maxWaiting ?? 20_000)) return Promise.reject(new Fault('overloaded', `too many rows wait for ${this.options.name}`));
    return new Promise((resolve, reject) => {
      this.waiting.push({ row, resolve, reject });
      this.schedule();
    });
  }

  private schedule(): void {
    // What fills a commit does not wait for the window.
    if (this.waiting.length >= this.maxRows && this.inFlight < this.limit) return this.next();
    if (this.scheduled || this.waiting.length === 0 || this.inFlight >= this.limit) return;
    this.scheduled = true;
    const begin = () => {
      this.scheduled = false;
      this.next();
    };
    const wait = this.lastStart + (this.options.windowMs ?? 0) - performance.now();
    if (wait < 1) setImmediate(begin);
    else setTimeout(begin, wait);
  }

  /** Resolves when everything added so far is settled. */
  async drain(): Promise<void> {
    while (this.waiting.length > 0 || this.inFlight > 0) await new Promise<void>((resolve) => this.idle.push(resolve));
  }

  private get limit(): number {
    return this.options.maxInFlight ?? 2;
  }

  private get maxRows(): number {
    return this.options.maxRows ?? 500;
  }

  private next(): void {
    if (this.waiting.length > 0 && this.inFlight < this.limit) {
      const batch = this.waiting.splice(0, this.maxRows);
      this.inFlight++;
      this.lastStart = performance.now();
      void this.commit(batch).finally(() => {
        this.inFlight--;
        this.schedule();
        if (this.waiting.length === 0 && this.inFlight === 0) for (const resolve of this.idle.splice(0)) resolve();
      });
    }
    this.schedule();
  }

  private async commit(batch: readonly Waiting<Row, Result>[]): Promise<void> {
    const start = performance.now();
    let failed = false;
    try {
      const results = await this.options.write(batch.map(({ row }) => row));
      for (const [i, { resolve }] of batch.entries()) resolve(results[i] as Result);
    } catch (error) {
      failed = true;
      const fault = asFault(error);
      const poisoned = fault.code === 'bad-value';
      if (!poisoned || batch.length === 1) for (const { reject } of batch) reject(fault);
      else {
        const half = batch.length >> 1;
        await this.commit(batch.slice(0, half));
        await this.commit(batch.slice(half));
      }
    } finally {
      this.options.onCommit?.({ name: this.options.name, rows: batch.length, seconds: (performance.now() - start) / 1000, failed });
    }
  }
}

/**
 * One row per key, for statements that must not meet a row twice: the one that `newer` prefers stands for all of its key.
 * Sorted by key, so that two processes lock rows in the same order. `place[i]` is where row i of the input went.
 */
export function collapse<Row>(rows: readonly Row[], keyOf: (row: Row) => string, newer: (a: Row, b: Row) => boolean): { rows: Row[]; place: number[] } {
  const keys = rows.map(keyOf);
  const chosen = new Map<string, Row>();
  for (const [i, row] of rows.entries()) {
    const known = chosen.get(keys[i]!);
    if (!known || newer(row, known)) chosen.set(keys[i]!, row);
  }
  const sorted = [...chosen.keys()].sort();
  const at = new Map(sorted.map((key, i) => [key, i]));
  return { rows: sorted.map((key) => chosen.get(key)!), place: keys.map((key) => at.get(key)!) };
}
