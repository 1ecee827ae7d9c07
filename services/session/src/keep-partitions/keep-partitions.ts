import type { Database } from '@ohmnibus/database';
import type { Log } from '@ohmnibus/runtime';

/** Any number, as long as nothing else in the database uses it. */
const upkeepLock = 42_420_002;
const daysAhead = 7;

const begin = {
  name: 'partition-upkeep-begin',
  // Making a partition takes the whole table for a moment. Whoever waits for that makes everybody else wait: not for long.
  text: `SELECT pg_try_advisory_xact_lock($1), set_config('lock_timeout', '2s', true)`,
};
const ensure = { name: 'partition-upkeep-ensure', text: 'SELECT ensure_daily_partitions($1, $2)' };
const drop = { name: 'partition-upkeep-drop', text: 'SELECT drop_daily_partitions($1, $2)' };
const forget = { name: 'partition-upkeep-forget', text: 'SELECT forget_rows_of_other_days($1, $2, $3)' };
/** Deleted at once: rows of stations with wrong clocks, of which no day can be dropped. */
const forgetRows = 10_000;

/** A table in daily partitions, and how many days of it are kept; 0: all. */
export interface PartitionedTable {
  readonly table: 'status_report' | 'sample' | 'message_log';
  readonly keepDays: number;
}

/** Makes the partitions of the coming days and drops those that are too old. One process does it, the others pass by. */
export class KeepPartitions {
  constructor(
    private readonly database: Database,
    private readonly tables: readonly PartitionedTable[],
    private readonly log: Log,
  ) {}

  /** Rejects with a Fault if a table could not be had; the others, and what was done before, are done. */
  async run(): Promise<void> {
    const failures: unknown[] = [];
    for (const table of this.tables) await this.keep(table).catch((error: unknown) => failures.push(error));
    if (failures.length > 0) throw failures[0];
  }

  private async keep({ table, keepDays }: PartitionedTable): Promise<void> {
    const made = await this.count(ensure, [table, daysAhead]);
    const dropped = keepDays > 0 ? await this.count(drop, [table, keepDays]) : 0;
    const forgotten = keepDays > 0 ? await this.forget(table, keepDays) : 0;
    if (made || dropped || forgotten) this.log.info('partitions-kept', { table, made, dropped, forgotten });
  }

  private async forget(table: string, keepDays: number): Promise<number> {
    let all = 0;
    for (let some = forgetRows; some === forgetRows; all += some) some = await this.count(forget, [table, keepDays, forgetRows]);
    return all;
  }

  /** In a transaction of its own, so that no table is held while another is waited for. 0: another process is at it. */
  private count(statement: { name: string; text: string }, values: unknown[]): Promise<number> {
    return this.database.transaction(async (run) => {
      const [mine] = await run<[boolean, string]>(begin, [upkeepLock]);
      if (!mine?.[0]) return 0;
      const [row] = await run<[number]>(statement, values);
      return row?.[0] ?? 0;
    });
  }
}
