import type { Database, Prisma } from '@ohmnibus/database';
import { Fault, type CommandState, type StationRef } from '@ohmnibus/domain';
import { z } from 'zod';
import { behind, key, readCursor } from '../http/cursor.js';
import { iso, page, type Page } from '../http/page.js';
import type { Command } from './command-schemas.js';

const commandKey = z.tuple([key.time, z.uuid()]);

/** What stations were asked to do. */
export class CommandQueries {
  constructor(private readonly prisma: Database['prisma']) {}

  async get(tenant: string, id: string): Promise<Command> {
    const row = z.guid().safeParse(id).success ? await this.prisma.command.findFirst({ where: { id, tenant } }) : null;
    if (!row) throw new Fault('not-found', `there is no command ${JSON.stringify(id)}`);
    return commandOf(row);
  }

  /** The newest first. */
  async list({ tenant, station }: StationRef, { limit, cursor }: { limit: number; cursor?: string | undefined }): Promise<Page<Command>> {
    const after = readCursor(cursor, commandKey);
    const rows = await this.prisma.command.findMany({
      where: { tenant, station, ...(after && { AND: { createdAt: { lte: after[0] } }, ...behind('descending', { createdAt: after[0], id: after[1] }) }) },
      orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      take: limit + 1,
    });
    return page(rows, limit, ({ createdAt, id }) => [createdAt, id], commandOf);
  }
}

function commandOf(row: Prisma.CommandGetPayload<object>): Command {
  const { id, station, action, payload, idempotencyKey, requestedBy } = row;
  return {
    id,
    station,
    action,
    payload,
    idempotencyKey,
    requestedBy,
    state: row.state as CommandState,
    result: row.result as Command['result'],
    createdAt: iso(row.createdAt),
    deadline: iso(row.deadline),
    finishedAt: iso(row.finishedAt),
  };
}
