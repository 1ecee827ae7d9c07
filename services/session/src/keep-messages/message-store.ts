import { directions, type LoggedExchange } from '@ohmnibus/contracts';
import { byteaArray, int4Array, int8Array, textArray, timestamptzArray, type Database } from '@ohmnibus/database';
import { Fault } from '@ohmnibus/domain';

const insert = `
  INSERT INTO message_log (tenant, station, received_at, direction, epoch, frame, protocol, latency_ms, message_id, action, request, answer)
  SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::int4[], $5::int8[], $6::int8[], $7::text[], $8::int4[], $9::text[], $10::text[], $11::bytea[], $12::bytea[])`;

/** Looking out for repetitions costs a fifth of an insert, and they are rare: a pod that asked again after a timeout. */
const keep = { name: 'keep-messages', text: insert };
const keepNew = { name: 'keep-new-messages', text: `${insert} ON CONFLICT DO NOTHING` };
const uniqueViolation = '23505';

/** The frames that crossed the wire. This is paid for every one of them: no object per row, no JSON. */
export class MessageStore {
  constructor(private readonly database: Database) {}

  /** Stores exchanges in one commit; repetitions change nothing. */
  async keep(unsorted: readonly LoggedExchange[]): Promise<void[]> {
    const exchanges = unsorted.toSorted(byFrame);
    const columns = [
      textArray(exchanges, (exchange) => exchange.tenant),
      textArray(exchanges, (exchange) => exchange.station),
      timestamptzArray(exchanges, (exchange) => exchange.at),
      int4Array(exchanges, (exchange) => directions.indexOf(exchange.direction)),
      int8Array(exchanges, (exchange) => exchange.epoch),
      int8Array(exchanges, (exchange) => exchange.frame),
      textArray(exchanges, (exchange) => exchange.protocol),
      int4Array(exchanges, (exchange) => exchange.latencyMs),
      textArray(exchanges, (exchange) => storable(exchange.messageId)),
      textArray(exchanges, (exchange) => storable(exchange.action)),
      byteaArray(exchanges, (exchange) => exchange.request),
      byteaArray(exchanges, (exchange) => exchange.answer),
    ];
    await this.database.run(keep, columns).catch((error: unknown) => {
      if (!(error instanceof Fault) || error.details['sqlState'] !== uniqueViolation) throw error;
      return this.database.run(keepNew, columns);
    });
    return Array.from<void>({ length: exchanges.length });
  }
}

/** Any order will do that everybody uses: two processes that store the same exchanges must not wait for each other in a circle. */
function byFrame(a: LoggedExchange, b: LoggedExchange): number {
  return a.at.getTime() - b.at.getTime() || a.frame - b.frame || a.epoch - b.epoch || compareText(a.station, b.station) || compareText(a.tenant, b.tenant) || compareText(a.direction, b.direction);
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A station may write anything where its message id belongs; Postgres has no text with NUL. The frame itself is kept as it was. */
function storable(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\u{fffd}') : text;
}
