import { Controller, Query } from '@nestjs/common';
import { z } from 'zod';
import { Caller } from '../http/api-key-guard.js';
import type { KeyHolder } from '../http/api-keys.js';
import { Endpoint } from '../http/endpoint.js';
import { flag, isoTime, pageSchema, paging, plainText, type Page } from '../http/page.js';
import { zod } from '../http/zod-pipe.js';
import { QuarantineQueries } from './quarantine-queries.js';

export const quarantinedSchema = z
  .object({
    id: z.string(),
    station: z.string(),
    protocol: z.string(),
    operation: z.string(),
    reason: z.string(),
    report: z.unknown().meta({ description: 'The report as it was understood' }),
    receivedAt: isoTime,
    resolvedAt: isoTime.nullable(),
  })
  .meta({ id: 'Quarantined' });
export type Quarantined = z.infer<typeof quarantinedSchema>;
const quarantinePage = pageSchema('QuarantinePage', quarantinedSchema);

export const quarantineFilters = z.strictObject({ station: plainText.optional(), resolved: flag.optional(), ...paging });
export type QuarantineFilters = z.output<typeof quarantineFilters>;

@Controller('quarantine')
export class QuarantineController {
  constructor(private readonly quarantine: QuarantineQueries) {}

  @Endpoint('get', '', {
    tag: 'Quarantine',
    summary: 'What stations reported that made no sense, the newest first',
    query: quarantineFilters,
    answers: { 200: { description: 'A page of reports', schema: quarantinePage } },
  })
  listQuarantine(@Caller() { tenant }: KeyHolder, @Query(zod(quarantineFilters)) filters: QuarantineFilters): Promise<Page<Quarantined>> {
    return this.quarantine.list(tenant, filters);
  }
}
