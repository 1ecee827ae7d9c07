import type { Database } from '@ohmnibus/database';
import type { Clock } from '@ohmnibus/domain';
import type { Staging } from '@ohmnibus/files';
import type { Log } from '@ohmnibus/runtime';
import type { StoredFiles } from './stored-files.js';

const dayMs = 24 * 60 * 60 * 1000;
const atOnce = 500;

/** Removes logs that have been kept long enough, and what never came in whole. Their jobs stay on record. Every process does it. */
export class KeepFiles {
  constructor(
    private readonly prisma: Database['prisma'],
    private readonly files: StoredFiles,
    private readonly staging: Staging,
    private readonly logDays: number,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  async run(): Promise<void> {
    const now = this.clock.now();
    const abandoned = await this.staging.sweep(now);
    let logs = 0;
    for (;;) {
      const old = await this.prisma.storedFile.findMany({
        where: { kind: 'log', receivedAt: { lt: new Date(now.getTime() - this.logDays * dayMs) } },
        select: { tenant: true, owner: true, name: true },
        take: atOnce,
      });
      for (const { tenant, owner, name } of old) logs += await this.files.drop({ tenant, kind: 'log', owner }, name);
      if (old.length < atOnce) break;
    }
    if (abandoned + logs > 0) this.log.info('files-removed', { logs, abandoned });
  }
}
