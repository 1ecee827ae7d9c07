import { readExchanges, type Direction, type Stretch } from '@ohmnibus/contracts';
import type pg from 'pg';

/** The message ids, which are numbers for a station of the benchmark, of the exchanges in the message log that this side began. */
export async function loggedIds(database: pg.Pool, direction: Direction): Promise<number[]> {
  const { rows } = await database.query<Pick<Stretch, 'tenant' | 'station' | 'protocol' | 'epoch' | 'exchanges'>>('SELECT tenant, station, protocol, epoch::float8 AS epoch, exchanges FROM message_log');
  return rows.flatMap((row) => readExchanges(row).flatMap((exchange) => (exchange.direction === direction ? [Number(exchange.messageId)] : [])));
}
