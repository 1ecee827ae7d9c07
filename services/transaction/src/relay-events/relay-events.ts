import type { EventStream } from '@ohmnibus/bus';
import { textArray, timestamptzArray, type Database, type Statement } from '@ohmnibus/database';
import type { Log } from '@ohmnibus/runtime';
import { linesOf, writtenEvent, type OutboxLine, type OutboxRow, type WaitingEvent } from './written-events.js';

/** As many rows as have so many events, but not more than so many of them. */
const batchEvents = 1_000;
const batchRows = 200;
const retryMs = 1_000;
/**
 * Thousands of stations that come back make as many events, for which nobody waits as those stations wait for their answers: the first batches
 * of such a storm are this far apart, in milliseconds. If it goes on after that, events leave as fast as they can, as those of all other traffic.
 */
const stormRestMs = 400;
const stormBatches = 10;
const stormConnections = 100;

/** One relay at a time, so that events leave in the order of their ids. */
const lock: Statement = { name: 'lock-outbox', text: `SELECT pg_try_advisory_xact_lock(7263001)` };
/**
 * An id is given when a row is written, not when it is committed: rows of transactions that are younger than the oldest one under way wait,
 * or an event could leave after one with a higher id. `xmin` is the lower half of a transaction's number, so the distance is taken within it.
 * Which rows they are is asked once, in an array: for a join Postgres would ask again for each row, if the table was empty when it was last analysed,
 * as it nearly always is.
 */
export const take: Statement = {
  name: 'take-outbox',
  text: `
    DELETE FROM outbox WHERE id = ANY (ARRAY(
      SELECT id FROM (
        SELECT id, sum(count) OVER (ORDER BY id) - count AS before FROM (
          SELECT id, count FROM outbox
          WHERE (pg_snapshot_xmin(pg_current_snapshot())::text::bigint - xmin::text::bigint) & 4294967295 BETWEEN 1 AND 2147483647
          ORDER BY id LIMIT ${batchRows}) AS oldest
      ) AS row WHERE before < ${batchEvents}))
    RETURNING id, at, events`,
};

/** Where there was nothing there is mostly nothing again, which is found out without a transaction. */
const look: Statement = { name: 'look-outbox', text: `SELECT FROM outbox LIMIT 1` };

const setAside: Statement = {
  name: 'refuse-events',
  text: `
    INSERT INTO refused_event (id, at, event, reason, tenant, station, type)
    SELECT id::bigint, at, event, reason, tenant, station, type
    FROM unnest($1::text[], $2::timestamptz[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[]) AS refused (id, at, event, reason, tenant, station, type)
    ON CONFLICT DO NOTHING`,
};

interface Refused extends OutboxLine, Partial<Pick<WaitingEvent, 'tenant' | 'station' | 'type'>> {
  readonly reason: string;
}

interface Batch {
  readonly rows: number;
  readonly events: number;
  /** How many of them tell that a station has connected. */
  readonly connections: number;
}
const nothing: Batch = { rows: 0, events: 0, connections: 0 };

/** What the relay publishes by. */
type Stream = Pick<EventStream, 'publishWritten'>;

/**
 * Moves domain events from the outbox to JetStream. They leave the table in the transaction that published them: a crash in between
 * publishes them again under the same id, and the stream drops the repetition.
 */
export class RelayEvents {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private stopped = false;
  private batchesOfStorm = 0;
  private quiet = true;

  constructor(
    private readonly database: Database,
    private readonly stream: Stream,
    private readonly options: { readonly pollMs: number; readonly log: Log; readonly relayed?: (events: number) => void; readonly refused?: (events: number) => void },
  ) {}

  start(): void {
    this.schedule(0);
  }

  /** Resolves when the batch under way has ended. */
  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.running;
  }

  private schedule(ms: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => {
      this.running = this.relay().then(
        (batch) => this.schedule(this.restAfter(batch)),
        (error: unknown) => {
          this.options.log.warn('relay-failed', { error });
          this.schedule(retryMs);
        },
      );
    }, ms);
  }

  private restAfter({ rows, events, connections }: Batch): number {
    this.quiet = rows === 0;
    this.batchesOfStorm = connections < stormConnections ? 0 : this.batchesOfStorm + 1;
    if (this.batchesOfStorm > 0 && this.batchesOfStorm <= stormBatches) return stormRestMs;
    return rows === batchRows || events >= batchEvents ? 0 : this.options.pollMs;
  }

  private async relay(): Promise<Batch> {
    if (this.quiet && (await this.database.run(look, [])).length === 0) return nothing;
    return this.database.transaction(async (run) => {
      const [[locked] = [false]] = await run<[boolean]>(lock, []);
      if (!locked) return nothing;
      const rows = await run<OutboxRow>(take, []);
      if (rows.length === 0) return nothing;
      rows.sort(([a], [b]) => Number(a) - Number(b));
      const lines = rows.flatMap(linesOf);
      const refused: Refused[] = [];
      const events: WaitingEvent[] = [];
      for (const line of lines) {
        const event = writtenEvent(line);
        if (event) events.push(event);
        else refused.push({ ...line, reason: 'this is no event' });
      }
      for (const { event, reason } of await this.stream.publishWritten(events)) refused.push({ ...event, reason });
      if (refused.length > 0) await this.setAside(run, refused);
      this.options.relayed?.(lines.length - refused.length);
      return { rows: rows.length, events: lines.length, connections: events.filter(({ type }) => type === 'station.connected').length };
    });
  }

  /** They are kept for an operator, and hold up nothing. */
  private async setAside(run: Database['run'], refused: readonly Refused[]): Promise<void> {
    await run(setAside, [
      textArray(refused, ({ id }) => id),
      timestamptzArray(refused, ({ at }) => at),
      textArray(refused, ({ line }) => line),
      textArray(refused, ({ reason }) => reason),
      textArray(refused, ({ tenant }) => tenant),
      textArray(refused, ({ station }) => station),
      textArray(refused, ({ type }) => type),
    ]);
    for (const { id, line, reason } of refused) this.options.log.error('event-refused', { id, reason, event: line.slice(0, 200) });
    this.options.refused?.(refused.length);
  }
}
