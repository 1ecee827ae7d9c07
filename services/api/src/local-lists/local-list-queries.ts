import type { Database } from '@ohmnibus/database';
import type { StationRef } from '@ohmnibus/domain';
import { iso } from '../http/page.js';
import type { LocalListView } from './local-list-schemas.js';

/** What is believed of the lists by which stations authorize without asking. */
export class LocalListQueries {
  constructor(private readonly prisma: Database['prisma']) {}

  async get({ tenant, station }: StationRef): Promise<LocalListView> {
    const row = await this.prisma.localList.findUnique({ where: { tenant_station: { tenant, station } } });
    if (!row) return { version: null, entries: null, lastVerdict: null, readAt: null, updatedAt: null, command: null };
    const { version, command } = row;
    return {
      version,
      entries: row.entries as LocalListView['entries'],
      lastVerdict: row.lastVerdict as LocalListView['lastVerdict'],
      readAt: iso(row.readAt),
      updatedAt: iso(row.updatedAt),
      command,
    };
  }
}
