import type { Database, Prisma } from '@ohmnibus/database';
import { Fault } from '@ohmnibus/domain';
import { z } from 'zod';
import { key, readCursor } from '../http/cursor.js';
import { iso, page, type Page } from '../http/page.js';
import type { Quarantined, QuarantineFilters } from './quarantine-schemas.js';

const idKey = z.tuple([key.digits]);

/** What was answered normally and could not be made sense of. */
export class QuarantineQueries {
  constructor(private readonly prisma: Database['prisma']) {}

  /** The newest first. */
  async list(tenant: string, { station, operation, reason, resolved, resolution, from, to, limit, cursor }: QuarantineFilters): Promise<Page<Quarantined>> {
    const after = readCursor(cursor, idKey);
    const rows = await this.prisma.quarantine.findMany({
      where: {
        tenant,
        station,
        operation,
        reason,
        resolution,
        receivedAt: { gte: from, lt: to },
        resolvedAt: resolved === undefined ? undefined : resolved ? { not: null } : null,
        id: { lt: after?.[0] },
      },
      orderBy: { id: 'desc' },
      take: limit + 1,
    });
    return page(rows, limit, ({ id }) => [id.toString()], quarantinedOf);
  }

  async get(tenant: string, id: string): Promise<Quarantined> {
    const row = /^[1-9]\d{0,17}$/.test(id) ? await this.prisma.quarantine.findFirst({ where: { id: BigInt(id), tenant } }) : null;
    if (!row) throw new Fault('not-found', `there is no report ${JSON.stringify(id)} in quarantine`);
    return quarantinedOf(row);
  }

  /** Throws `not-found` for a report that is not there. */
  async require(tenant: string, id: string): Promise<void> {
    await this.get(tenant, id);
  }
}

function quarantinedOf({ id, station, protocol, operation, reason, report, receivedAt, resolvedAt, resolution, resolvedBy, note, transaction, audit }: Prisma.QuarantineGetPayload<object>): Quarantined {
  return {
    id: id.toString(),
    station,
    protocol,
    operation,
    reason,
    report,
    receivedAt: iso(receivedAt),
    resolvedAt: iso(resolvedAt),
    resolution: resolution as Quarantined['resolution'],
    resolvedBy,
    note,
    transaction: transaction === null ? null : String(transaction),
    audit: audit as Quarantined['audit'],
  };
}
