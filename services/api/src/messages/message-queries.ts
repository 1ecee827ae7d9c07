import { readExchanges, type LoggedExchange } from '@ohmnibus/contracts';
import type { Database, Prisma } from '@ohmnibus/database';
import type { ProtocolVersion, StationRef } from '@ohmnibus/domain';
import { z } from 'zod';
import { behind, key, readCursor, writeCursor } from '../http/cursor.js';
import { iso, type Page } from '../http/page.js';
import type { Message, MessageFilters } from './messages.controller.js';

/** The row that a page ended in, and how many of its exchanges, from the first, are still to be shown. */
const messageKey = z.tuple([key.time, key.bigint, key.integer, key.bigint, z.int().min(0)]);

type Row = Prisma.MessageLogGetPayload<object>;

const rowsAtOnce = 50;
/** A question whose filters nothing fits ends here, with a cursor to go on from. */
const rowsOfPage = 1_000;

/** The message log. */
export class MessageQueries {
  constructor(private readonly prisma: Database['prisma']) {}

  /** The newest first, by the order in which they ended. A page may hold less than asked for and still not be the last one. */
  async list(station: StationRef, filters: MessageFilters): Promise<Page<Message>> {
    const items: Message[] = [];
    let looked = 0;
    for await (const { row, left } of this.rows(station, filters)) {
      const exchanges = readExchanges({ ...station, protocol: row.protocol as ProtocolVersion, epoch: Number(row.epoch), exchanges: Buffer.from(row.exchanges) });
      for (let i = Math.min(left, exchanges.length) - 1; i >= 0; i--) {
        if (items.length === filters.limit) return { items, nextCursor: cursorAt(row, i + 1) };
        if (fits(exchanges[i]!, filters)) items.push(messageOf(exchanges[i]!));
      }
      if (++looked === rowsOfPage) return { items, nextCursor: cursorAt(row, 0) };
    }
    return { items, nextCursor: null };
  }

  private async *rows({ tenant, station }: StationRef, { from, to, cursor }: MessageFilters): AsyncGenerator<{ row: Row; left: number }> {
    const after = readCursor(cursor, messageKey);
    const where = { tenant, station, endedAt: { gte: from }, beganAt: { lt: to } };
    const orderBy = [{ endedAt: 'desc' }, { epoch: 'desc' }, { direction: 'desc' }, { frame: 'desc' }] as const;
    let last = after && { endedAt: after[0], epoch: after[1], direction: after[2], frame: after[3] };
    if (last && after && after[4] > 0) {
      const row = await this.prisma.messageLog.findFirst({ where: { tenant, station, ...last } });
      if (row) yield { row, left: after[4] };
    }
    for (;;) {
      const rows: Row[] = await this.prisma.messageLog.findMany({
        // The first of the key's columns again, on its own: it selects the partitions.
        where: { AND: [where, { endedAt: { lte: last?.endedAt } }], ...(last && behind('descending', last)) },
        orderBy: [...orderBy],
        take: rowsAtOnce,
      });
      for (const row of rows) yield { row, left: Infinity };
      if (rows.length < rowsAtOnce) return;
      const { endedAt, epoch, direction, frame } = rows.at(-1)!;
      last = { endedAt, epoch, direction, frame };
    }
  }
}

function cursorAt({ endedAt, epoch, direction, frame }: Row, left: number): string {
  return writeCursor([endedAt, Number(epoch), direction, Number(frame), left]);
}

function fits({ at, action, direction }: LoggedExchange, filters: MessageFilters): boolean {
  return (
    (filters.from === undefined || at >= filters.from) &&
    (filters.to === undefined || at < filters.to) &&
    (filters.action === undefined || action === filters.action) &&
    (filters.direction === undefined || direction === filters.direction)
  );
}

function messageOf({ at, direction, protocol, action, messageId, request, answer, latencyMs, epoch, frame }: LoggedExchange): Message {
  return { at: iso(at), direction, protocol, action, messageId, request: request.toString(), answer: answer ? answer.toString() : null, latencyMs, epoch, frame };
}
