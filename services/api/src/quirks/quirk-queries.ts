import type { Database, Prisma } from '@ohmnibus/database';
import { builtInQuirks, Fault } from '@ohmnibus/domain';
import { z } from 'zod';
import { key, readCursor } from '../http/cursor.js';
import { iso, page, type Page } from '../http/page.js';
import type { QuirkProfileView } from './quirk-schemas.js';

const nameKey = z.tuple([key.text]);

/** How makes of stations bend the rules. */
export class QuirkQueries {
  constructor(private readonly prisma: Database['prisma']) {}

  /** The tenant's own in the order of their names, and those built in on the last page. */
  async list(tenant: string, { limit, cursor }: { limit: number; cursor?: string | undefined }): Promise<Page<QuirkProfileView>> {
    const after = readCursor(cursor, nameKey);
    const rows = await this.prisma.quirkProfile.findMany({ where: { tenant, name: { gt: after?.[0] } }, orderBy: { name: 'asc' }, take: limit + 1 });
    const own = page(rows, limit, ({ name }) => [name], profileOf);
    return own.nextCursor === null ? { items: [...own.items, ...builtIn], nextCursor: null } : own;
  }

  async get(tenant: string, name: string): Promise<QuirkProfileView> {
    const row = name.includes('\0') ? null : await this.prisma.quirkProfile.findUnique({ where: { tenant_name: { tenant, name } } });
    const profile = row ? profileOf(row) : builtIn.find((other) => other.name === name);
    if (!profile) throw unknownProfile(name);
    return profile;
  }
}

const builtIn: readonly QuirkProfileView[] = builtInQuirks.map(({ name, vendor = null, model = null, firmware = null, priority, quirks }) => ({
  name,
  vendor,
  model,
  firmware,
  priority,
  quirks: quirks as QuirkProfileView['quirks'],
  builtIn: true,
  updatedAt: null,
}));

export function unknownProfile(name: string): Fault {
  return new Fault('not-found', `there is no quirk profile ${JSON.stringify(name)}`);
}

function profileOf({ name, vendor, model, firmware, priority, quirks, updatedAt }: Prisma.QuirkProfileGetPayload<object>): QuirkProfileView {
  return { name, vendor, model, firmware, priority, quirks: quirks as QuirkProfileView['quirks'], builtIn: false, updatedAt: iso(updatedAt) };
}
