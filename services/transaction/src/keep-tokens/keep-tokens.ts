import { tokenKey, type Token } from '@ohmnibus/domain';
import type { Database } from '@ohmnibus/database';

/** The operator's tokens. */
export class KeepTokens {
  constructor(private readonly database: Database) {}

  /** Makes the token what is given; whether it is new. */
  async put(tenant: string, token: Token): Promise<{ created: boolean }> {
    const key = { tenant, key: tokenKey(token.value) };
    const data = { value: token.value, status: token.status, expiresAt: token.expiresAt ?? null, group: token.group ?? null, updatedAt: new Date() };
    const known = await this.database.prisma.token.findUnique({ where: { tenant_key: key }, select: { key: true } });
    await this.database.prisma.token.upsert({ where: { tenant_key: key }, create: { ...key, ...data }, update: data });
    return { created: known === null };
  }

  async delete(tenant: string, value: string): Promise<{ deleted: boolean }> {
    const { count } = await this.database.prisma.token.deleteMany({ where: { tenant, key: tokenKey(value) } });
    return { deleted: count > 0 };
  }
}
