import type { Database } from '@ohmnibus/database';
import { createHash } from 'node:crypto';

export interface KeyHolder {
  readonly tenant: string;
  readonly name: string;
}

/** For so long a key is remembered, or that it is not known. */
const rememberMs = 10_000;
const rememberAtMost = 10_000;

/** API keys by their SHA-256: they are long and random, so a fast hash gives nothing away. */
export class ApiKeys {
  private readonly remembered = new Map<string, { readonly holder: KeyHolder | undefined; readonly until: number }>();

  constructor(private readonly prisma: Database['prisma']) {}

  /** Adds a key that was given from outside; nothing changes if it is there. */
  async ensure(apiKey: string, holder: KeyHolder): Promise<void> {
    await this.prisma.apiKey.createMany({ data: [{ hash: hashOf(apiKey), ...holder }], skipDuplicates: true });
  }

  async find(apiKey: string): Promise<KeyHolder | undefined> {
    const hash = hashOf(apiKey);
    const known = this.remembered.get(hash);
    if (known && known.until > performance.now()) return known.holder;
    const row = await this.prisma.apiKey.findUnique({ where: { hash }, select: { tenant: true, name: true } });
    if (this.remembered.size >= rememberAtMost) this.remembered.clear();
    this.remembered.set(hash, { holder: row ?? undefined, until: performance.now() + rememberMs });
    return row ?? undefined;
  }
}

function hashOf(apiKey: string): string {
  return createHash('sha256').update(apiKey).digest('hex');
}
