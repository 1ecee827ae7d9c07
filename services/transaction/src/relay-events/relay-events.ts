import type { EventStream, WrittenEvent } from '@ohmnibus/bus';
import type { Database, Statement } from '@ohmnibus/database';
import type { EventType } from '@ohmnibus/domain';
import type { Log } from '@ohmnibus/runtime';

const batchRows = 1_000;
const retryMs = 1_000;
/**
 * Thousands of stations that come back make as many events, for which nobody waits as those stations wait for their answers: the first full
 * batches in a row are this far apart, in milliseconds. What goes on after that is no burst, and leaves as fast as it can.
 */
const burstRestMs = 400;
const burstBatches = 5;

/** One relay at a time, so that events leave in the order of their ids. */
const lock: Statement = { name: 'lock-outbox', text: `SELECT pg_try_advisory_xact_lock(7263001)` };
/**
 * An id is given when a row is written, not when it is committed: rows of transactions that are younger than the oldest one under way wait,
 * or an event could leave after one with a higher id. `xmin` is the lower half of a transaction's number, so the distance is taken within it.
 */
const take: Statement = {
  name: 'take-outbox',
  text: `
    DELETE FROM outbox WHERE id IN (
      SELECT id FROM outbox
      WHERE (pg_snapshot_xmin(pg_current_snapshot())::text::bigint - xmin::text::bigint) & 4294967295 BETWEEN 1 AND 2147483647
      ORDER BY id LIMIT ${batchRows})
    RETURNING id, tenant, station, type, at, body::text`,
};

/** The body stays the text that it is stored as. */
type Row = [id: string, tenant: string, station: string, type: EventType, at: Date, body: string];

/**
 * Moves domain events from the outbox to JetStream. They leave the table in the transaction that published them: a crash in between
 * publishes them again under the same id, and the stream drops the repetition.
 */
export class RelayEvents {
  private timer: NodeJS.Timeout | undefined;
  private running: Promise<void> | undefined;
  private stopped = false;
  private fullBatches = 0;

  constructor(
    private readonly database: Database,
    private readonly stream: Pick<EventStream, 'publishWritten'>,
    private readonly options: { readonly pollMs: number; readonly log: Log; readonly relayed?: (events: number) => void },
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
        (events) => this.schedule(this.restAfter(events)),
        (error: unknown) => {
          this.options.log.warn('relay-failed', { error });
          this.schedule(retryMs);
        },
      );
    }, ms);
  }

  private restAfter(events: number): number {
    this.fullBatches = events === batchRows ? this.fullBatches + 1 : 0;
    if (this.fullBatches === 0) return this.options.pollMs;
    return this.fullBatches <= burstBatches ? burstRestMs : 0;
  }

  private relay(): Promise<number> {
    return this.database.transaction(async (run) => {
      const [[locked] = [false]] = await run<[boolean]>(lock, []);
      if (!locked) return 0;
      const rows = await run<Row>(take, []);
      if (rows.length === 0) return 0;
      rows.sort(([a], [b]) => Number(a) - Number(b));
      await this.stream.publishWritten(rows.map(written));
      this.options.relayed?.(rows.length);
      return rows.length;
    });
  }
}

/** The JSON of an `EventMessage`. */
function written([id, tenant, station, type, at, body]: Row): WrittenEvent {
  const text = `{"id":"${id}","type":"${type}","tenant":${JSON.stringify(tenant)},"station":${JSON.stringify(station)},"at":"${at.toISOString()}","body":${body}}`;
  return { id, tenant, station, type, text };
}
