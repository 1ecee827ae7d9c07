import { directions } from '@ohmnibus/contracts';
import type { Database } from '@ohmnibus/database';
import type { StationRef } from '@ohmnibus/domain';
import { z } from 'zod';
import { behind, key, readCursor } from '../http/cursor.js';
import { iso, page, type Page } from '../http/page.js';
import type { Message, MessageFilters } from './messages.controller.js';

const messageKey = z.tuple([key.time, key.integer, key.bigint, key.bigint]);

/** The message log. */
export class MessageQueries {
  constructor(private readonly prisma: Database['prisma']) {}

  /** The newest first. */
  async list({ tenant, station }: StationRef, { from, to, action, direction, limit, cursor }: MessageFilters): Promise<Page<Message>> {
    const after = readCursor(cursor, messageKey);
    const rows = await this.prisma.messageLog.findMany({
      where: {
        tenant,
        station,
        // The first of the key's columns again, on its own: it selects the partitions.
        AND: [{ receivedAt: { gte: from, lt: to } }, { receivedAt: { lte: after?.[0] } }],
        action,
        direction: direction && directions.indexOf(direction),
        ...(after && behind('descending', { receivedAt: after[0], direction: after[1], epoch: after[2], frame: after[3] })),
      },
      orderBy: [{ receivedAt: 'desc' }, { direction: 'desc' }, { epoch: 'desc' }, { frame: 'desc' }],
      take: limit + 1,
    });
    return page(
      rows,
      limit,
      (row) => [row.receivedAt, row.direction, Number(row.epoch), Number(row.frame)],
      (row) => ({
        at: iso(row.receivedAt),
        direction: directions[row.direction] ?? 'from-station',
        protocol: row.protocol,
        action: row.action,
        messageId: row.messageId,
        request: textOf(row.request),
        answer: row.answer && textOf(row.answer),
        latencyMs: row.latencyMs,
        epoch: Number(row.epoch),
        frame: Number(row.frame),
      }),
    );
  }
}

function textOf(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8');
}
