import type { Database } from '@ohmnibus/database';
import { z } from 'zod';
import { key, readCursor } from '../http/cursor.js';
import { iso, page, type Page } from '../http/page.js';
import type { SecurityEvent, SecurityEventFilters } from './security-events.controller.js';

const idKey = z.tuple([key.digits]);

/** What stations report of their security. */
export class SecurityEventQueries {
  constructor(private readonly prisma: Database['prisma']) {}

  /** As they came in, the newest first. */
  async list(tenant: string, { station, type, critical, from, to, limit, cursor }: SecurityEventFilters): Promise<Page<SecurityEvent>> {
    const after = readCursor(cursor, idKey);
    const rows = await this.prisma.securityEvent.findMany({
      where: {
        tenant,
        station,
        critical,
        id: { lt: after?.[0] },
        at: { gte: from, lt: to },
        // Whoever reads the whitepaper looks for 1.6's word.
        ...(type !== undefined && { OR: [{ type }, { reported: type }] }),
      },
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
    return page(
      rows,
      limit,
      ({ id }) => [id.toString()],
      ({ id, station: of, type: what, reported, critical: bad, at, info, flags, receivedAt }) => ({
        id: id.toString(),
        station: of,
        type: what,
        reported,
        critical: bad,
        at: iso(at),
        info,
        flags,
        receivedAt: iso(receivedAt),
      }),
    );
  }
}
