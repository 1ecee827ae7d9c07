import type { CommandAnswer } from '@ohmnibus/contracts';
import { asFault, type CommandState } from '@ohmnibus/domain';
import { GroupCommit, InsertNew, jsonArray, textArray, timestamptzArray, type Database, type GroupCommitOptions, type Statement } from '@ohmnibus/database';
import type { End } from './end.js';

/** A command as it is first written. */
export interface NewCommand {
  readonly id: string;
  readonly tenant: string;
  readonly station: string;
  readonly action: string;
  readonly payload: string;
  readonly idempotencyKey: string | undefined;
  readonly requestedBy: string | undefined;
  readonly createdAt: Date;
  readonly deadline: Date;
}

interface Finished {
  readonly id: string;
  readonly end: End;
}

/** A command that is written when it has ended. */
interface Ended {
  readonly command: NewCommand;
  readonly end: End;
}

/** A command found by its idempotency key. */
export interface KnownCommand {
  readonly id: string;
  readonly deadline: Date;
  /** Absent while it is on its way. */
  readonly answer: CommandAnswer | undefined;
}

const insertCommands: Statement = {
  name: 'command-insert',
  text: `INSERT INTO command (id, tenant, station, action, payload, idempotency_key, requested_by, state, created_at, deadline)
    SELECT id::uuid, tenant, station, action, payload, key, requested_by, 'queued', created_at, deadline
    FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::json[], $6::text[], $7::text[], $8::timestamptz[], $9::timestamptz[])
      AS new (id, tenant, station, action, payload, key, requested_by, created_at, deadline)
    ON CONFLICT DO NOTHING RETURNING id::text`,
};

const writeEnded = (onConflict: string) => `
  INSERT INTO command (id, tenant, station, action, payload, idempotency_key, requested_by, state, created_at, deadline, result, finished_at)
  SELECT id::uuid, tenant, station, action, payload, key, requested_by, state, created_at, deadline, result, at
  FROM unnest($1::text[], $2::text[], $3::text[], $4::text[], $5::json[], $6::text[], $7::text[], $8::timestamptz[], $9::timestamptz[], $10::text[], $11::json[], $12::timestamptz[])
    AS new (id, tenant, station, action, payload, key, requested_by, created_at, deadline, state, result, at)
  ${onConflict}`;

// One that somebody else has found unfinished is there already.
const finishKnown = `ON CONFLICT (id) DO UPDATE SET state = excluded.state, result = excluded.result, finished_at = excluded.finished_at
  WHERE command.state = 'queued'`;

// Unfinished ones by their state: a condition on finished_at would have Postgres read the index of all unfinished commands.
const finishCommands: Statement = {
  name: 'command-finish',
  text: `UPDATE command SET state = done.state, result = done.result, finished_at = done.at
    FROM unnest($1::text[], $2::text[], $3::json[], $4::timestamptz[]) AS done (id, state, result, at)
    WHERE command.id = done.id::uuid AND command.state = 'queued'`,
};

const findByKey: Statement = {
  name: 'command-by-key',
  text: 'SELECT id::text, deadline, finished_at, state, result FROM command WHERE tenant = $1 AND idempotency_key = $2',
};

const finishOverdue: Statement = {
  name: 'command-overdue',
  text: `UPDATE command SET state = 'unknown', result = '{"type":"none","reason":"interrupted"}', finished_at = $1
    WHERE finished_at IS NULL AND deadline < $2 RETURNING id::text`,
};

/** Hardly anybody waits for the row of a command that has ended. */
const endsWindowMs = 20;

type OnCommit = GroupCommitOptions<unknown, unknown>['onCommit'];

/** Commands in Postgres: finished once. */
export class CommandStore {
  private readonly inserts: GroupCommit<NewCommand, boolean>;
  private readonly finishes: GroupCommit<Finished, void>;
  private readonly ends: GroupCommit<Ended, void>;
  private readonly insertion: InsertNew;
  /** The last write did not reach the database. */
  away = false;

  constructor(
    private readonly database: Pick<Database, 'run'>,
    onCommit?: OnCommit,
  ) {
    const run = <Row extends unknown[]>(statement: Statement, values: readonly unknown[]) => this.write<Row>(statement, values);
    this.insertion = new InsertNew({ run }, 'command-write-ended', writeEnded, finishKnown);
    this.inserts = new GroupCommit({ name: 'command-insert', write: (rows) => this.writeNew(rows), onCommit });
    this.finishes = new GroupCommit({ name: 'command-finish', write: (rows) => this.writeFinished(rows), onCommit });
    this.ends = new GroupCommit({ name: 'command-ended', write: (rows) => this.writeEnded(rows), windowMs: endsWindowMs, onCommit });
  }

  /** Rows that wait to be written. */
  get depth(): number {
    return this.inserts.depth + this.finishes.depth + this.ends.depth;
  }

  /** Whether it is new: false if there is one under the same idempotency key or with the same id. */
  insert(command: NewCommand): Promise<boolean> {
    return this.inserts.add(command);
  }

  /** Changes nothing if the command is finished already. */
  finish(id: string, end: End): Promise<void> {
    return this.finishes.add({ id, end });
  }

  /** Writes and finishes a command at once. */
  end(command: NewCommand, end: End): Promise<void> {
    return this.ends.add({ command, end });
  }

  async find(tenant: string, idempotencyKey: string): Promise<KnownCommand | undefined> {
    type Row = [id: string, deadline: Date, finishedAt: Date | null, state: CommandState, result: CommandAnswer['result']];
    const [row] = await this.database.run<Row>(findByKey, [tenant, idempotencyKey]);
    if (!row) return undefined;
    const [id, deadline, finishedAt, state, result] = row;
    return { id, deadline, answer: finishedAt ? { id, state, result } : undefined };
  }

  /** Ends as unknown whatever should have ended before this time; how many there were. */
  async finishOverdue(now: Date, before: Date): Promise<number> {
    return (await this.database.run(finishOverdue, [now, before])).length;
  }

  async drain(): Promise<void> {
    await Promise.all([this.inserts.drain(), this.finishes.drain(), this.ends.drain()]);
  }

  private async writeNew(rows: readonly NewCommand[]): Promise<boolean[]> {
    const inserted = await this.write<[string]>(insertCommands, columnsOf(sortedById(rows, ({ id }) => id)));
    const ids = new Set(inserted.map(([id]) => id));
    return rows.map(({ id }) => ids.delete(id)); // Of two rows with one id, one was inserted.
  }

  private async writeFinished(rows: readonly Finished[]): Promise<void[]> {
    const sorted = sortedById(rows, ({ id }) => id);
    await this.write(finishCommands, [textArray(sorted, (row) => row.id), ...endOf(sorted)]);
    return rows.map(() => undefined);
  }

  private async writeEnded(rows: readonly Ended[]): Promise<void[]> {
    const sorted = sortedById(rows, ({ command }) => command.id);
    await this.insertion.run([...columnsOf(sorted.map(({ command }) => command)), ...endOf(sorted)]);
    return rows.map(() => undefined);
  }

  private async write<Row extends unknown[]>(statement: Statement, values: readonly unknown[]): Promise<Row[]> {
    try {
      const written = await this.database.run<Row>(statement, values);
      this.away = false;
      return written;
    } catch (error) {
      this.away = asFault(error).transient;
      throw error;
    }
  }
}

/** Two processes lock rows in the same order. */
function sortedById<Row>(rows: readonly Row[], idOf: (row: Row) => string): readonly Row[] {
  return rows.length === 1 ? rows : rows.toSorted((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
}

function columnsOf(rows: readonly NewCommand[]): Buffer[] {
  return [
    textArray(rows, (row) => row.id),
    textArray(rows, (row) => row.tenant),
    textArray(rows, (row) => row.station),
    textArray(rows, (row) => row.action),
    jsonArray(rows, (row) => row.payload),
    textArray(rows, (row) => row.idempotencyKey),
    textArray(rows, (row) => row.requestedBy),
    timestamptzArray(rows, (row) => row.createdAt),
    timestamptzArray(rows, (row) => row.deadline),
  ];
}

function endOf(rows: readonly { readonly end: End }[]): Buffer[] {
  return [textArray(rows, ({ end }) => end.state), jsonArray(rows, ({ end }) => end.text), timestamptzArray(rows, ({ end }) => end.at)];
}
