import type { Database, Prisma } from '@ohmnibus/database';
import { Fault, tokenKey, type TokenStatus } from '@ohmnibus/domain';
import { z } from 'zod';
import { key, readCursor } from '../http/cursor.js';
import { iso, page, type Page } from '../http/page.js';
import type { TokenGroupQuery, TokenGroupView } from './token-group-schemas.js';

const nameKey = z.tuple([key.text]);

/** What was said of groups of tokens. */
export class TokenGroupQueries {
  constructor(private readonly prisma: Database['prisma']) {}

  /** In the order of their names. */
  async list(tenant: string, { limit, cursor }: TokenGroupQuery): Promise<Page<TokenGroupView>> {
    const after = readCursor(cursor, nameKey);
    const rows = await this.prisma.tokenGroup.findMany({ where: { tenant, key: { gt: after?.[0] } }, orderBy: { key: 'asc' }, take: limit + 1 });
    return page(rows, limit, (row) => [row.key], groupOf);
  }

  async get(tenant: string, group: string): Promise<TokenGroupView> {
    const row = group.includes('\0') ? null : await this.prisma.tokenGroup.findUnique({ where: { tenant_key: { tenant, key: tokenKey(group) } } });
    if (!row) throw unknownGroup(group);
    return groupOf(row);
  }
}

export function unknownGroup(group: string): Fault {
  return new Fault('not-found', `nothing was said of a group ${JSON.stringify(group)}`);
}

function groupOf({ name, status, maxTransactions, note, createdAt, updatedAt }: Prisma.TokenGroupGetPayload<object>): TokenGroupView {
  return { group: name, status: status as TokenStatus, maxTransactions, note, createdAt: iso(createdAt), updatedAt: iso(updatedAt) };
}
