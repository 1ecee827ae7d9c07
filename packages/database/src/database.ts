import { PrismaPg } from '@prisma/adapter-pg';
import { Fault } from '@ohmnibus/domain';
import pg from 'pg';
import { PrismaClient } from './generated/client.js';

export interface DatabaseOptions {
  readonly url: string;
  /** Shown in pg_stat_activity. */
  readonly name: string;
  /** Connections at most. */
  readonly poolSize?: number;
  /** Off: a commit is answered before it is on disk. For what may be lost with the machine, such as the message log. */
  readonly synchronousCommit?: boolean;
  /** Run-time parameters of its connections, such as those of the planner. */
  readonly parameters?: Readonly<Record<string, string>>;
  readonly log?: (event: string, context: Record<string, unknown>) => void;
}

/**
 * For connections whose every statement is prepared and finds its rows by an index. Postgres otherwise plans a statement anew for each
 * execution as long as it believes that knowing the arrays helps, which costs more than a small commit; and what is planned while a table
 * is small reads all of it until the table is next analysed.
 */
export const onePlanByIndex: Readonly<Record<string, string>> = { plan_cache_mode: 'force_generic_plan', enable_seqscan: 'off' };

/** A connection plans its statements anew, so one that has nothing to do for a while is kept: the traffic of stations comes and goes. */
const idleTimeoutMs = 600_000;

/** A statement that many rows share: prepared once per connection, its parameters arrays (see binary-array). */
export interface Statement {
  readonly name: string;
  readonly text: string;
}

/** Postgres: Prisma for what is looked up and edited, prepared statements over arrays for the hot path. One pool serves both. */
export class Database {
  readonly prisma: PrismaClient;
  private readonly pool: pg.Pool;
  private readonly log: DatabaseOptions['log'];

  constructor(options: DatabaseOptions) {
    this.log = options.log;
    const parameters = { ...options.parameters, ...(options.synchronousCommit === false && { synchronous_commit: 'off' }) };
    this.pool = new pg.Pool({
      connectionString: options.url,
      application_name: `ohmnibus-${options.name}`,
      max: options.poolSize ?? 8,
      connectionTimeoutMillis: 3_000,
      idleTimeoutMillis: idleTimeoutMs,
      statement_timeout: 15_000,
      keepAlive: true,
      ...(Object.keys(parameters).length > 0 && {
        options: Object.entries(parameters)
          .map(([name, value]) => `-c ${name}=${value}`)
          .join(' '),
      }),
    });
    // An idle connection that breaks is replaced by the pool; without a listener the process would end.
    this.pool.on('error', (error) => this.log?.('postgres-connection-lost', { error: error.message }));
    this.prisma = new PrismaClient({ adapter: new PrismaPg(this.pool, { disposeExternalPool: false }) });
  }

  /** Runs a prepared statement; rows come as arrays of columns. Throws a Fault: `unavailable` if trying again may help. */
  async run<Row extends unknown[]>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    try {
      const result = await this.pool.query<Row>({ name: statement.name, text: statement.text, values: values as unknown[], rowMode: 'array' });
      return result.rows;
    } catch (error) {
      throw databaseFault(error);
    }
  }

  /** Resolves if the database answers. */
  async ping(): Promise<void> {
    await this.run({ name: 'ping', text: 'SELECT 1' }, []);
  }

  /** Holds a connection of its own for as long as `work` runs, within one transaction. */
  async transaction<T>(work: (run: Database['run']) => Promise<T>): Promise<T> {
    const client = await this.pool.connect().catch((error: unknown) => {
      throw databaseFault(error);
    });
    // The pool listens to idle connections only; unheard, the end of this one would be the end of the process. The query under way rejects as well.
    const lost = (error: Error) => this.log?.('postgres-connection-lost', { error: error.message });
    client.on('error', lost);
    const release = (broken?: Error) => {
      client.off('error', lost);
      client.release(broken);
    };
    try {
      await client.query('BEGIN');
      const result = await work(async <Row extends unknown[]>(statement: Statement, values: readonly unknown[]) => {
        const { rows } = await client.query<Row>({ name: statement.name, text: statement.text, values: values as unknown[], rowMode: 'array' });
        return rows;
      });
      await client.query('COMMIT');
      release();
      return result;
    } catch (error) {
      await client.query('ROLLBACK').then(
        () => release(),
        (broken: Error) => release(broken),
      );
      throw error instanceof Fault ? error : databaseFault(error);
    }
  }

  async close(): Promise<void> {
    await this.prisma.$disconnect();
    await this.pool.end();
  }
}

/** Codes of the operating system, such as EPIPE, look much alike. */
const sqlState = /^(?:\d[0-9A-Z]|F0|HV|P0|XX)[0-9A-Z]{3}$/;

/** What an error of Postgres means: the data's fault (classes 22, 23 and, for what is too long or too deep, 54), or something that passes. */
export function databaseFault(error: unknown): Fault {
  const code = (error as { code?: unknown }).code;
  const state = typeof code === 'string' && sqlState.test(code) ? code : undefined;
  const message = error instanceof Error ? error.message : String(error);
  if (state && /^(22|23|54)/.test(state)) return new Fault('bad-value', message, { sqlState: state }, { cause: error });
  // Classes 42 (a statement that is wrong) and XX are defects; all others, and errors of the connection, may pass.
  if (state?.startsWith('42') || state?.startsWith('XX')) return new Fault('internal', message, { sqlState: state }, { cause: error });
  return new Fault('unavailable', `the database did not take it: ${message}`, state ? { sqlState: state } : {}, { cause: error });
}
