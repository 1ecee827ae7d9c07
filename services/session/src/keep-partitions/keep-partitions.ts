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

  /** Rejects with a Fault if a table could not be had; what was done before stays done. */
  async run(): Promise<void> {
    for (const { table, keepDays } of this.tables) {
      const made = await this.alone<[number]>(ensure, [table, daysAhead]);
      const dropped = keepDays > 0 ? await this.alone<[number]>(drop, [table, keepDays]) : undefined;
      if (made?.[0] || dropped?.[0]) this.log.info('partitions-kept', { table, made: made?.[0] ?? 0, dropped: dropped?.[0] ?? 0 });
    }
  }

  /** In a transaction of its own, so that no table is held while another is waited for. */
  private alone<Row extends unknown[]>(statement: { name: string; text: string }, values: unknown[]): Promise<Row | undefined> {
    return this.database.transaction(async (run) => {
      const [mine] = await run<[boolean, string]>(begin, [upkeepLock]);
      if (!mine?.[0]) return undefined;
      const [row] = await run<Row>(statement, values);
      return row;
    });
  }
}
