import type { Database, Prisma } from '@ohmnibus/database';
import { Fault, tokenKey, type TokenStatus } from '@ohmnibus/domain';
import { z } from 'zod';
import { key, readCursor } from '../http/cursor.js';
import { iso, page, type Page } from '../http/page.js';
import type { TokenQuery, TokenView } from './token-schemas.js';

const valueKey = z.tuple([key.text]);

/** What drivers identify with. */
export class TokenQueries {
  constructor(private readonly prisma: Database['prisma']) {}

  /** In the order of their values. */
  async list(tenant: string, { limit, cursor, group, status }: TokenQuery): Promise<Page<TokenView>> {
    const after = readCursor(cursor, valueKey);
    const rows = await this.prisma.token.findMany({
      where: { tenant, key: { gt: after?.[0] }, groupKey: group === undefined ? undefined : tokenKey(group), status },
      orderBy: { key: 'asc' },
      take: limit + 1,
    });
    return page(rows, limit, (row) => [row.key], tokenOf);
  }

  async get(tenant: string, token: string): Promise<TokenView> {
    const row = token.includes('\0') ? null : await this.prisma.token.findUnique({ where: { tenant_key: { tenant, key: tokenKey(token) } } });
    if (!row) throw unknownToken(token);
    return tokenOf(row);
  }
}

export function unknownToken(token: string): Fault {
  return new Fault('not-found', `there is no token ${JSON.stringify(token)}`);
}

function tokenOf({ value, status, expiresAt, group, stations, stationPrefixes, maxTransactions, note, createdAt, updatedAt }: Prisma.TokenGetPayload<object>): TokenView {
  return {
    token: value,
    status: status as TokenStatus,
    expiresAt: iso(expiresAt),
    group,
    scope: stations.length + stationPrefixes.length > 0 ? { stations, prefixes: stationPrefixes } : null,
    maxTransactions,
    note,
    createdAt: iso(createdAt),
    updatedAt: iso(updatedAt),
  };
}
