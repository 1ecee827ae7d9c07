import type { Database, Prisma } from '@ohmnibus/database';
import { Fault } from '@ohmnibus/domain';
import { z } from 'zod';
import { key, readCursor } from '../http/cursor.js';
import { iso, page, type Page } from '../http/page.js';
import type { RefusedEvent, RefusedEventFilters, WholeRefusedEvent } from './refused-event-schemas.js';

const idKey = z.tuple([key.digits]);

/** Domain events that the stream did not take. A line that is no event has no tenant, and is nowhere here. */
export class RefusedEventQueries {
  constructor(private readonly prisma: Database['prisma']) {}

  /** The newest first. */
  async list(tenant: string, { station, type, resolved, from, to, limit, cursor }: RefusedEventFilters): Promise<Page<RefusedEvent>> {
    const after = readCursor(cursor, idKey);
    const rows = await this.prisma.refusedEvent.findMany({
      where: {
        tenant,
        station,
        type,
        refusedAt: { gte: from, lt: to },
        resolvedAt: resolved === undefined ? undefined : resolved ? { not: null } : null,
        id: { lt: after?.[0] },
      },
      // Many are here for being large.
      omit: { event: true },
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
    return page(rows, limit, ({ id }) => [id.toString()], refusedEventOf);
  }

  async get(tenant: string, id: string): Promise<WholeRefusedEvent> {
    const row = /^[1-9]\d{0,17}$/.test(id) ? await this.prisma.refusedEvent.findFirst({ where: { id: BigInt(id), tenant } }) : null;
    if (!row) throw new Fault('not-found', `there is no refused event ${JSON.stringify(id)}`);
    return { ...refusedEventOf(row), body: (JSON.parse(row.event) as { body: unknown }).body };
  }

  /** Throws `not-found` for an event that is not there. */
  async require(tenant: string, id: string): Promise<void> {
    await this.get(tenant, id);
  }
}

type Row = Omit<Prisma.RefusedEventGetPayload<object>, 'event'>;

function refusedEventOf({ id, station, type, at, reason, refusedAt, resolvedAt, resolution, resolvedBy, note }: Row): RefusedEvent {
  return {
    id: id.toString(),
    station: station ?? '',
    type: type ?? '',
    at: iso(at),
    reason,
    refusedAt: iso(refusedAt),
    resolvedAt: iso(resolvedAt),
    resolution: resolution as RefusedEvent['resolution'],
    resolvedBy,
    note,
  };
}
