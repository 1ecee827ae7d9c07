import type { Database } from '@ohmnibus/database';
import { z } from 'zod';
import { behind, key, readCursor } from '../http/cursor.js';
import { iso, page, type Page } from '../http/page.js';
import type { FirmwareImage } from './firmware-schemas.js';

const nameKey = z.tuple([key.text]);

/** Firmware images that the operator has uploaded. */
export class FirmwareQueries {
  constructor(private readonly prisma: Database['prisma']) {}

  /** In the order of their names. */
  async list(tenant: string, { limit, cursor }: { limit: number; cursor?: string | undefined }): Promise<Page<FirmwareImage>> {
    const after = readCursor(cursor, nameKey);
    const rows = await this.prisma.storedFile.findMany({
      where: { tenant, kind: 'firmware', ...(after && behind('ascending', { owner: after[0] })) },
      orderBy: { owner: 'asc' },
      take: limit + 1,
    });
    return page(rows, limit, ({ owner }) => [owner], imageOf);
  }
}

/** An image is its own owner. */
export function imageOf({ owner, size, sha256, receivedAt }: { owner: string; size: bigint | number; sha256: string; receivedAt: Date }): FirmwareImage {
  return { name: owner, size: Number(size), sha256, uploadedAt: iso(receivedAt) };
}
