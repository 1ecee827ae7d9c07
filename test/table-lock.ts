import pg from 'pg';
import type { System } from './system.js';

/** Holds back every write to some tables, so that a test can choose the moment between a question and its commit. Reads go on. */
export class TableLock {
  private released: Promise<void> | undefined;

  private constructor(private readonly holder: pg.Client) {}

  static async on({ kit }: Pick<System, 'kit'>, ...tables: string[]): Promise<TableLock> {
    const holder = new pg.Client(kit.databaseUrl);
    await holder.connect();
    await holder.query(`BEGIN; LOCK TABLE ${tables.join(', ')} IN EXCLUSIVE MODE`);
    return new TableLock(holder);
  }

  /** How many statements of a service wait, each counted as often as it waits. */
  async waiting(service: string): Promise<{ statements: number; kinds: number }> {
    // A transaction, such as the one that holds the lock, sees what it saw first.
    await this.holder.query('SELECT pg_stat_clear_snapshot()');
    const { rows } = await this.holder.query<{ statements: number; kinds: number }>(
      `SELECT count(*)::int AS statements, count(DISTINCT query)::int AS kinds FROM pg_stat_activity
       WHERE datname = current_database() AND application_name = $1 AND wait_event_type = 'Lock'`,
      [`ohmnibus-${service}`],
    );
    return rows[0]!;
  }

  /** Whatever a service that is gone has sent fails, as if it had never arrived: a server would carry it out even though its process is gone. */
  async fail(service: string): Promise<void> {
    await this.holder.query('SELECT pg_stat_clear_snapshot()');
    await this.holder.query(
      'SELECT pg_terminate_backend(pid, 15000) FROM pg_stat_activity WHERE datname = current_database() AND application_name = $1',
      [`ohmnibus-${service}`],
    );
  }

  /** Once is enough; again does nothing. */
  async release(): Promise<void> {
    this.released ??= this.holder.end();
    await this.released;
  }
}
