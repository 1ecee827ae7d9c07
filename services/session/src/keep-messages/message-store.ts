import { directions, type LoggedExchange } from '@ohmnibus/contracts';
import { byteaArray, int4Array, int8Array, textArray, timestamptzArray, type Database } from '@ohmnibus/database';

const insert = `
  INSERT INTO message_log (tenant, station, received_at, direction, epoch, frame, protocol, latency_ms, message_id, action, request, answer)
  SELECT * FROM unnest($1::text[], $2::text[], $3::timestamptz[], $4::int4[], $5::int8[], $6::int8[], $7::text[], $8::int4[], $9::text[], $10::text[], $11::bytea[], $12::bytea[])`;

const keep = { name: 'keep-messages', text: insert };

/** The frames that crossed the wire. This is paid for every one of them: no object per row, no JSON. */
export class MessageStore {
  constructor(private readonly database: Database) {}

  /** Stores packs of exchanges in one commit. */
  async keep(packs: readonly (readonly LoggedExchange[])[]): Promise<void[]> {
    const exchanges = packs.length === 1 ? packs[0]! : packs.flat();
    await this.database.run(keep, [
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
    ]);
    return Array.from<void>({ length: packs.length });
  }
}

/** A station may write anything where its message id belongs; Postgres has no text with NUL. The frame itself is kept as it was. */
function storable(text: string): string {
  return text.includes('\0') ? text.replaceAll('\0', '\u{fffd}') : text;
}
