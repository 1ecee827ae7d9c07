import type { Database } from '@ohmnibus/database';
import { z } from 'zod';
import { key, readCursor } from '../http/cursor.js';
import { iso, page, type Page } from '../http/page.js';
import type { Quarantined, QuarantineFilters } from './quarantine.controller.js';

const idKey = z.tuple([key.digits]);

/** What was answered normally and could not be made sense of. */
export class QuarantineQueries {
  constructor(private readonly prisma: Database['prisma']) {}

  /** The newest first. */
  async list(tenant: string, { station, resolved, limit, cursor }: QuarantineFilters): Promise<Page<Quarantined>> {
    const after = readCursor(cursor, idKey);
    const rows = await this.prisma.quarantine.findMany({
      where: { tenant, station, resolvedAt: resolved === undefined ? undefined : resolved ? { not: null } : null, id: { lt: after?.[0] } },
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
    return page(
      rows,
      limit,
      ({ id }) => [id.toString()],
      ({ id, station: of, protocol, operation, reason, report, receivedAt, resolvedAt }) => ({
        id: id.toString(),
        station: of,
        protocol,
        operation,
        reason,
        report,
        receivedAt: iso(receivedAt),
        resolvedAt: iso(resolvedAt),
      }),
    );
  }
}
